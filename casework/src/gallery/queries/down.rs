//! Who took the public version of an entry out of the gallery, when and why. The trail says it; what
//! becomes of the draft beside it changes nothing about that.

use crate::{Result, entities::audit_events as trail, gallery::store::Stored};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use workflow::Timestamp;

/// That nothing is public any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Down {
    pub at: Timestamp,
    /// Why we took it down; none where its developer took it out.
    pub why: Option<String>,
}

/// By our side, and by the developer.
const TAKEN_DOWN: &str = "entry_taken_down";
const UNLISTED: &str = "entry_unlisted";

/// How the entry came down; none while something is public, and before anything was.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn down(
    connection: &impl ConnectionTrait,
    stored: &Stored,
) -> Result<Option<Down>> {
    if !stored.entry.is_down() {
        return Ok(None);
    }
    let event = trail::Entity::find()
        .filter(trail::Column::Name.is_in([TAKEN_DOWN, UNLISTED]))
        .filter(trail::Column::SubjectId.eq(stored.app.id.to_string()))
        .order_by_desc(trail::Column::Seq)
        .one(connection)
        .await?;
    Ok(event.map(|event| Down {
        at: Timestamp::from_micros(event.at),
        why: (event.name == TAKEN_DOWN).then_some(event.reason),
    }))
}
