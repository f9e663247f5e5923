//! Counting attempts, in the database so that all instances count together.

use crate::{Desk, Error, Result, entities::throttles};
use sea_orm::{ConnectionTrait, EntityTrait, Set, sea_query::OnConflict};
use time::Duration;
use workflow::Timestamp;

/// At most `most` attempts `within` a time, for whatever `key` names.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    pub key: String,
    pub most: i32,
    pub within: Duration,
}

/// Refuses when the limit has been reached.
pub(super) async fn check(desk: &Desk, limit: &Limit) -> Result<()> {
    let row = throttles::Entity::find_by_id(limit.key.as_str())
        .one(desk.database.read())
        .await?;
    let Some(row) = row else { return Ok(()) };
    let end = Timestamp::from_micros(row.window_at).plus(limit.within);
    if row.count < limit.most || desk.now() >= end {
        return Ok(());
    }
    Err(Error::Throttled {
        minutes: end.since(desk.now()).whole_minutes() + 1,
    })
}

/// Counts one attempt; answers how many there have been within the limit's time.
pub(super) async fn count(
    connection: &impl ConnectionTrait,
    limit: &Limit,
    now: Timestamp,
) -> Result<i32> {
    let row = throttles::Entity::find_by_id(limit.key.as_str())
        .one(connection)
        .await?;
    let (window_at, count) = match row {
        Some(row) if now < Timestamp::from_micros(row.window_at).plus(limit.within) => {
            (row.window_at, row.count.saturating_add(1))
        }
        _ => (now.micros(), 1),
    };
    throttles::Entity::insert(throttles::ActiveModel {
        key: Set(limit.key.clone()),
        window_at: Set(window_at),
        count: Set(count),
    })
    .on_conflict(
        OnConflict::column(throttles::Column::Key)
            .update_columns([throttles::Column::WindowAt, throttles::Column::Count])
            .to_owned(),
    )
    .exec_without_returning(connection)
    .await?;
    Ok(count)
}

/// Forgets the attempts after a success.
pub(super) async fn forget(desk: &Desk, limit: &Limit) -> Result<()> {
    let known = throttles::Entity::find_by_id(limit.key.as_str())
        .one(desk.database.read())
        .await?;
    if known.is_some() {
        throttles::Entity::delete_by_id(limit.key.as_str())
            .exec(desk.database.write())
            .await?;
    }
    Ok(())
}
