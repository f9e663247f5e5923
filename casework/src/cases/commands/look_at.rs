//! Look at a case: a sign of life from an open page, so that two people do not work on one case
//! unawares. It changes nothing of the case and leaves no trail.

use crate::{
    Caller, Desk, Result,
    cases::sight::{self, Part},
    entities::{case_views, cases},
    input::input,
};
use case_views::Column as C;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict, SimpleExpr},
};
use time::Duration;
use workflow::{CaseNumber, PersonId, Timestamp};

input! {
    /// Nothing is typed.
    pub struct LookAtInput for "look_at" OnCase {
        /// Whether the person types into a form of the case.
        hidden writing: bool;
    }
}

/// What somebody does with a case that they have open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    Reads,
    Writes,
}

/// Notes that the caller has the case open now, and whether they type into one of its forms.
///
/// # Errors
/// [`crate::Error::NotFound`] to those who do not see the case from inside.
pub async fn look_at(desk: &Desk, caller: &Caller, number: CaseNumber, looks: Looks) -> Result<()> {
    let (stored, _) = sight::read(desk, desk.database.read(), caller, number, Part::Inside).await?;
    let now = desk.now().micros();
    let mut changed = vec![C::Version, C::SeenAt];
    if looks == Looks::Writes {
        // Another window of theirs in which they only read takes nothing back.
        changed.push(C::WritingAt);
    }
    case_views::Entity::insert(case_views::ActiveModel {
        case_id: Set(stored.row.id),
        person_id: Set(caller.person.0),
        version: Set(stored.row.version),
        seen_at: Set(now),
        writing_at: Set((looks == Looks::Writes).then_some(now)),
        before_at: Set(None),
    })
    .on_conflict(
        OnConflict::columns([C::CaseId, C::PersonId])
            .value(C::BeforeAt, before(now))
            .update_columns(changed)
            .to_owned(),
    )
    .exec_without_returning(desk.database.write())
    .await?;
    desk.live.tell();
    Ok(())
}

/// Who has not seen a case for so long comes back to it: what has changed since they last did is new
/// to them.
const AWAY: Duration = Duration::minutes(30);

/// When somebody last saw the case before they came back to it, of the row that is there.
fn before(now: i64) -> SimpleExpr {
    let seen = || Expr::col((case_views::Entity, C::SeenAt));
    let away = Timestamp::from_micros(now).plus(-AWAY).micros();
    let kept = Expr::col((case_views::Entity, C::BeforeAt));
    Expr::case(seen().lt(away), seen()).finally(kept).into()
}

/// Since when what others did is new to somebody who opens the page now; none who never looked.
pub(in crate::cases) fn new_since(
    seen_at: i64,
    before_at: Option<i64>,
    now: Timestamp,
) -> Option<Timestamp> {
    let is_back = seen_at < now.plus(-AWAY).micros();
    let since = if is_back { Some(seen_at) } else { before_at };
    since.map(Timestamp::from_micros)
}

input! {
    /// Nothing is typed.
    pub struct MarkSeenInput for "mark_seen" OnCase {
        /// When the page was drawn, in microseconds: what happened after it was not seen.
        hidden at: i64;
    }
}

/// What has changed until then is not new to the caller any more. It changes nothing of the case and
/// leaves no trail.
///
/// # Errors
/// [`crate::Error::NotFound`] to those who do not see the case from inside.
pub async fn mark_seen(
    desk: &Desk,
    caller: &Caller,
    number: CaseNumber,
    at: Timestamp,
) -> Result<()> {
    let (stored, _) = sight::read(desk, desk.database.read(), caller, number, Part::Inside).await?;
    let now = desk.now();
    let at = at.min(now).micros();
    case_views::Entity::insert(case_views::ActiveModel {
        case_id: Set(stored.row.id),
        person_id: Set(caller.person.0),
        version: Set(stored.row.version),
        seen_at: Set(now.micros()),
        writing_at: Set(None),
        before_at: Set(Some(at)),
    })
    .on_conflict(
        OnConflict::columns([C::CaseId, C::PersonId])
            .update_columns([C::Version, C::SeenAt, C::BeforeAt])
            .to_owned(),
    )
    .exec_without_returning(desk.database.write())
    .await?;
    Ok(())
}

/// Whoever has looked at a case and now takes a step on it knows of the case as it is then.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn acted(
    connection: &impl ConnectionTrait,
    case: &cases::Model,
    person: PersonId,
) -> Result<()> {
    case_views::Entity::update_many()
        .col_expr(C::Version, Expr::value(case.version))
        .col_expr(C::BeforeAt, before(case.changed_at))
        .col_expr(C::SeenAt, Expr::value(case.changed_at))
        .filter(C::CaseId.eq(case.id))
        .filter(C::PersonId.eq(person.0))
        .exec(connection)
        .await?;
    Ok(())
}
