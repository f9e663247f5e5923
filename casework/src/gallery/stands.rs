//! Whether what a letter says of an entry still holds when it is sent.

use super::store::Stored;
use crate::{
    Error, Result,
    entities::gallery_links::{self, Column as L},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;
use workflow::{AppId, Timestamp, gallery::State};

/// What may still be so of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Still {
    /// It waits for us.
    InReview,
    /// It waits for the changes that were asked.
    ChangesAsked,
    /// Everybody sees it.
    Shown,
    /// Nothing of it is public.
    NotPublic,
    /// It is public, and hidden because partnership or access is gone.
    Hidden,
    /// One of its links does not answer.
    LinkDead,
}

/// Whether it is still so of the entry of this app.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn stands(
    connection: &impl ConnectionTrait,
    app: Uuid,
    still: Still,
    now: Timestamp,
) -> Result<bool> {
    let stored = match Stored::load(connection, AppId(app), false, now).await {
        Ok(stored) => stored,
        Err(Error::NotFound) => return Ok(false),
        Err(error) => return Err(error),
    };
    Ok(match still {
        Still::InReview => stored.entry.state == State::InReview,
        Still::ChangesAsked => stored.entry.state == State::ChangesAsked,
        Still::Shown => stored.is_shown(),
        Still::NotPublic => stored.entry.public.is_none(),
        Still::Hidden => stored.entry.public.is_some() && !stored.stands,
        Still::LinkDead => gallery_links::Entity::find()
            .filter(L::EntryId.eq(stored.row.id))
            .filter(L::WarnedAt.is_not_null())
            .one(connection)
            .await?
            .is_some(),
    })
}
