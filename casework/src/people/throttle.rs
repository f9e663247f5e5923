//! Counting attempts, in the database so that all instances count together.

use crate::{Desk, Error, Result, entities::throttles};
use sea_orm::{
    ConnectionTrait, EntityTrait, ExprTrait, Set,
    sea_query::{CaseStatement, Expr, OnConflict},
};
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
    if row.count < limit.most || desk.now() >= end(&row, limit) {
        return Ok(());
    }
    Err(refusal(&row, limit, desk.now()))
}

/// Counts one attempt before it is made, and refuses it when the limit has been reached; answers
/// how many there have been within the limit's time, this one among them. Of many at the same
/// moment no more get through than of many in a row.
pub(super) async fn admit(desk: &Desk, limit: &Limit) -> Result<i32> {
    check(desk, limit).await?;
    let row = count(desk.database.write(), limit, desk.now()).await?;
    if row.count > limit.most {
        return Err(refusal(&row, limit, desk.now()));
    }
    Ok(row.count)
}

/// Counts one attempt, in one statement.
pub(super) async fn count(
    connection: &impl ConnectionTrait,
    limit: &Limit,
    now: Timestamp,
) -> Result<throttles::Model> {
    use throttles::Column as C;
    let over = || Expr::col((throttles::Entity, C::WindowAt)).lte(now.plus(-limit.within).micros());
    let either =
        |then: Expr, otherwise: Expr| CaseStatement::new().case(over(), then).finally(otherwise);
    let before = |column: C| Expr::col((throttles::Entity, column));
    Ok(throttles::Entity::insert(throttles::ActiveModel {
        key: Set(limit.key.clone()),
        window_at: Set(now.micros()),
        count: Set(1),
    })
    .on_conflict(
        OnConflict::column(C::Key)
            .value(
                C::WindowAt,
                either(Expr::value(now.micros()), before(C::WindowAt)),
            )
            .value(C::Count, either(Expr::value(1), before(C::Count).add(1)))
            .to_owned(),
    )
    .exec_with_returning(connection)
    .await?)
}

fn end(row: &throttles::Model, limit: &Limit) -> Timestamp {
    Timestamp::from_micros(row.window_at).plus(limit.within)
}

fn refusal(row: &throttles::Model, limit: &Limit, now: Timestamp) -> Error {
    Error::Throttled {
        minutes: end(row, limit).since(now).whole_minutes() + 1,
    }
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
