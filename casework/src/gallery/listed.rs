//! Which entries everybody may see now, by name: told once for all who ask until anything on the desk
//! has changed, and for some seconds at most.

use super::standing::standing;
use crate::{
    Desk, Error, Result, audit,
    entities::gallery_entries::{self, Column as C},
};
use quick_cache::sync::Cache;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::{fmt, sync::Arc};
use uuid::Uuid;

/// In seconds: what follows from dates, and from what gateways report, is seen so late at most. What a
/// step changes is seen at once, as its event is the trail's last.
const HOLDS_FOR: i64 = 5;

/// An entry that everybody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub id: Uuid,
    pub slug: String,
}

/// What was told last: by the trail's last event, and the seconds in which it was asked.
pub struct Gallery(Cache<(i64, i64), Arc<Vec<Listed>>>);

impl Default for Gallery {
    fn default() -> Self {
        Self(Cache::new(2))
    }
}

impl fmt::Debug for Gallery {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Gallery({})", self.0.len())
    }
}

/// The entries that everybody may see. Of several who ask at once, one asks the database.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn listed(desk: &Desk) -> Result<Arc<Vec<Listed>>> {
    let read = desk.database.read();
    // Read before the rows: the answer can be newer than its event, never older.
    let last = audit::head(read).await?.map_or(0, |head| head.seq);
    let now = desk.now();
    let key = (last, now.micros() / (HOLDS_FOR * 1_000_000));
    let ask = async {
        let rows: Vec<(Uuid, String)> = gallery_entries::Entity::find()
            .select_only()
            .columns([C::Id, C::Slug])
            .filter(C::PublicVersion.is_not_null())
            .filter(C::AppId.in_subquery(standing(read, now).await?))
            .order_by_asc(C::NameKey)
            .order_by_asc(C::Id)
            .into_tuple()
            .all(read)
            .await?;
        let rows = rows.into_iter().map(|(id, slug)| Listed { id, slug });
        Ok::<_, Error>(Arc::new(rows.collect()))
    };
    desk.gallery.0.get_or_insert_async(&key, ask).await
}
