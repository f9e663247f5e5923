//! "Is it stuck?": the developer's one question about an application on which it is our turn. It waits
//! for a lead until it is answered, or until the case goes on by itself.

use crate::{
    Result,
    entities::stuck_asks::{self, Column as C},
    reference::Known,
    store::Stored,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use time::Duration;
use uuid::Uuid;
use workflow::{
    Actor, Case, Event, PersonId, Recorded, Timestamp, state::Side, transition::StepSide,
};

/// So many questions about one case are shown, the newest first.
const SHOWN: u64 = 10;

/// A question whether a case is stuck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StuckAsk {
    pub id: Uuid,
    pub by: PersonId,
    pub at: Timestamp,
    /// What was added to it; mostly empty.
    pub text: String,
    /// What came of it; none while it waits.
    pub end: Option<AskEnd>,
}

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskEnd {
    Answered {
        at: Timestamp,
        text: String,
    },
    /// The case took a step before anybody answered.
    WentOn {
        at: Timestamp,
    },
}

impl From<stuck_asks::Model> for StuckAsk {
    fn from(row: stuck_asks::Model) -> Self {
        let closed = row.closed_at.map(Timestamp::from_micros);
        Self {
            id: row.id,
            by: PersonId(row.asked_by),
            at: Timestamp::from_micros(row.asked_at),
            text: row.text,
            end: closed.map(|at| match row.answer {
                Some(text) => AskEnd::Answered { at, text },
                None => AskEnd::WentOn { at },
            }),
        }
    }
}

/// Whether one may ask now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MayAsk {
    /// It is not our turn.
    NotOurTurn,
    /// One is open.
    Asked,
    /// Our date has passed.
    Overdue(Timestamp),
    /// Nothing has happened since.
    Quiet(Timestamp),
    /// Not before this moment, unless the case takes a step meanwhile.
    From(Timestamp),
}

impl MayAsk {
    /// Whether it is so.
    pub const fn is_now(self) -> bool {
        matches!(self, Self::Overdue(_) | Self::Quiet(_))
    }

    /// Of a case whose newest question is `last`. Our date counts until an answer was given after it;
    /// from an answer on the case has to be quiet anew.
    pub(crate) fn of(
        stored: &Stored,
        last: Option<&StuckAsk>,
        known: &Known,
        now: Timestamp,
    ) -> Self {
        if !is_ours(&stored.case) {
            return Self::NotOurTurn;
        }
        let moved = Timestamp::from_micros(stored.row.changed_at);
        let answered = match last.map(|ask| &ask.end) {
            Some(None) => return Self::Asked,
            Some(Some(AskEnd::Answered { at, .. })) => Some(*at).filter(|at| *at >= moved),
            Some(Some(AskEnd::WentOn { .. })) | None => None,
        };
        let due = stored.row.due_at.map(Timestamp::from_micros);
        let due = due.filter(|_| answered.is_none());
        let since = answered.unwrap_or(moved);
        let quiet = known.calendar.due(since, known.settings.quiet_days);
        match due {
            Some(due) if due < now => Self::Overdue(due),
            _ if quiet < now => Self::Quiet(since),
            due => {
                let first = due.map_or(quiet, |due| due.min(quiet));
                Self::From(first.plus(Duration::MICROSECOND))
            }
        }
    }
}

/// Whether our side is to act on a case.
fn is_ours(case: &Case) -> bool {
    matches!(case.clock.running(), Some((Side::Us, _)))
}

/// The questions about a case, the newest first.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn asks(connection: &impl ConnectionTrait, case: Uuid) -> Result<Vec<StuckAsk>> {
    let rows = stuck_asks::Entity::find()
        .filter(C::CaseId.eq(case))
        .order_by_desc(C::AskedAt)
        .order_by_desc(C::Id)
        .limit(SHOWN)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(StuckAsk::from).collect())
}

/// The one that waits.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn open(
    connection: &impl ConnectionTrait,
    case: Uuid,
) -> Result<Option<StuckAsk>> {
    let row = stuck_asks::Entity::find()
        .filter(C::CaseId.eq(case))
        .filter(C::ClosedAt.is_null())
        .one(connection)
        .await?;
    Ok(row.map(StuckAsk::from))
}

/// Closes the question about a case that went on: our side took a step forward, or it is not our turn
/// any more. A seat that was given back is none.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn went_on(
    connection: &impl ConnectionTrait,
    before: &Case,
    after: &Case,
    events: &[Recorded],
) -> Result<()> {
    let is_forward = |one: &Recorded| {
        let step = one.event.step().map(|step| step.row().side);
        one.by != Actor::Clock
            && step == Some(StepSide::Staff)
            && !matches!(one.event, Event::Released { .. })
    };
    if !is_ours(before) || (is_ours(after) && !events.iter().any(is_forward)) {
        return Ok(());
    }
    let Some(at) = events.iter().map(|one| one.at).max() else {
        return Ok(());
    };
    stuck_asks::Entity::update_many()
        .col_expr(C::ClosedAt, Expr::value(at.micros()))
        .filter(C::CaseId.eq(after.id.0))
        .filter(C::ClosedAt.is_null())
        .exec(connection)
        .await?;
    Ok(())
}
