//! Whether what a letter says of a living approval still holds when it is sent.

use super::ChangeState;
use crate::{
    Result,
    entities::{page_changes, watched_apps, watched_pages},
    post::Must,
    reference::Known,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;
use workflow::{Timestamp, living};

/// Whether the one of these that is about an approval holds of what the letter is about.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn stands(
    connection: &impl ConnectionTrait,
    about: Option<Uuid>,
    must: &[Must],
    known: &Known,
    now: Timestamp,
) -> Result<bool> {
    let Some(about) = about else {
        return Ok(false);
    };
    if must.contains(&Must::ChangeOpen) {
        let open = page_changes::Entity::find_by_id(about)
            .filter(page_changes::Column::State.eq(ChangeState::Open.word()));
        return Ok(open.one(connection).await?.is_some());
    }
    if must.contains(&Must::Unreachable) {
        let failing = watched_pages::Entity::find_by_id(about)
            .filter(watched_pages::Column::NextAt.is_not_null())
            .filter(watched_pages::Column::FailingSinceAt.is_not_null());
        return Ok(failing.one(connection).await?.is_some());
    }
    if must.contains(&Must::Unattested) {
        let watched = watched_apps::Entity::find_by_id(about)
            .filter(watched_apps::Column::EndedAt.is_null())
            .one(connection)
            .await?;
        return Ok(watched.is_some_and(|row| {
            let due = Timestamp::from_micros(row.due_at);
            living::stage(due, now, &known.settings).is_open()
        }));
    }
    Ok(false)
}
