//! Letters to people whose account is disabled: they are written as to everybody, held by the worker
//! when their turn comes, and go out once the account is enabled again. What was held for too long is
//! closed as not sent.

use super::{
    LetterKind, MailState, Way, Ways,
    digest::next_digest,
    outbox::{HandedOver, Leased, Outcome, settle},
};
use crate::{
    Desk, Result,
    entities::{outbox, people},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, SimpleExpr},
};
use time::Duration;
use uuid::Uuid;
use workflow::Timestamp;

/// Whom a letter about what is theirs is written to: everybody but those whose account is closed.
pub(crate) fn reachable() -> SimpleExpr {
    people::Column::ClosedAt.is_null()
}

/// Until when a letter of this moment is held.
pub(crate) fn until(desk: &Desk, written: Timestamp) -> Timestamp {
    let days = desk.reference.known().settings.held_letter_days;
    written.plus(Duration::days(i64::from(days)))
}

/// Holds a letter that was leased; where its reader's account has been enabled meanwhile, it is to
/// be looked at again at once.
///
/// # Errors
/// When the database does not answer; then the lease runs out.
pub(crate) async fn hold(
    desk: &Desk,
    leased: &Leased,
    row: &outbox::Model,
    kind: LetterKind,
    until: Timestamp,
) -> Result<()> {
    let now = desk.now();
    let transaction = desk.database.begin().await?;
    // Locked as by the step that enables the account: it finds this letter held, or has been.
    let reader = people::Entity::find_by_id(row.person_id.unwrap_or_default())
        .lock_exclusive()
        .one(&transaction)
        .await?;
    let outcome = match reader {
        Some(reader) if reader.disabled_at.is_none() => Outcome::Later {
            at: now,
            error: String::new(),
            handed_over: HandedOver::No {
                before: row.handed_over,
            },
        },
        _ => Outcome::Held { until },
    };
    settle(&transaction, leased, Some(kind), now, outcome).await?;
    transaction.commit().await?;
    Ok(())
}

/// Lets the letters go that were held for somebody whose account is enabled in this transaction:
/// each at once, or with the next digest, as its reader has chosen.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn release(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    person: &people::Model,
) -> Result<()> {
    let now = desk.now();
    let digest = next_digest(now, desk.reference.known().settings.digest_hour);
    let ways = Ways::from(person);
    let daily: Vec<&str> = LetterKind::ALL
        .iter()
        .filter(|kind| ways.of(**kind) == Way::Daily)
        .map(|kind| kind.word())
        .collect();
    let of_digest = outbox::Column::Kind.is_in(daily.iter().copied());
    go(
        connection,
        person.id,
        of_digest,
        MailState::Gathered,
        digest,
    )
    .await?;
    let others = outbox::Column::Kind.is_not_in(daily);
    go(connection, person.id, others, MailState::Waiting, now).await
}

/// How many letters are held for somebody.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn count(connection: &impl ConnectionTrait, person: Uuid) -> Result<u64> {
    Ok(outbox::Entity::find()
        .filter(outbox::Column::PersonId.eq(person))
        .filter(outbox::Column::State.eq(MailState::Held.word()))
        .count(connection)
        .await?)
}

async fn go(
    connection: &impl ConnectionTrait,
    person: Uuid,
    which: SimpleExpr,
    to: MailState,
    at: Timestamp,
) -> Result<()> {
    use outbox::Column as C;
    outbox::Entity::update_many()
        .filter(C::PersonId.eq(person))
        .filter(C::State.eq(MailState::Held.word()))
        .filter(which)
        .col_expr(C::State, Expr::value(to.word()))
        .col_expr(C::NotBeforeAt, Expr::value(at.micros()))
        .col_expr(C::TriedSinceAt, Expr::value(None::<i64>))
        .col_expr(C::LastError, Expr::value(""))
        .exec(connection)
        .await?;
    Ok(())
}
