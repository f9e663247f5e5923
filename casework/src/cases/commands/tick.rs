//! The desk's clock: it reminds developers whose date comes near or has passed, and lets lapse what
//! stayed unanswered past the grace.

use super::{CaseCommand, Envelope, Work, run};
use crate::{Desk, Error, Part, Result, context, entities::cases};
use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use workflow::{Action, ActionKind, Actor, Case, Seen, available, state::Side};

/// How many cases are held in memory at once.
const BATCH: u64 = 200;

/// Whose turn it is on the cases that the clock moves: what was approved may have findings with a
/// date.
const MOVED: [Side; 2] = [Side::Developer, Side::Nobody];

/// What operators read of a case whose document is broken.
const UNREADABLE: &str = "its document cannot be read; no reminder, no lapse";

/// A step of the clock on the case as it stood when the clock looked.
struct ClockStep {
    kind: ActionKind,
    seen: u64,
}

#[async_trait]
impl CaseCommand for ClockStep {
    fn kind(&self) -> ActionKind {
        self.kind
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        // Another instance was here first: reminding twice in a row would use up both reminders.
        if work.case().version != self.seen {
            return Err(Error::Conflict {
                changes: Vec::new(),
            });
        }
        Ok(match self.kind {
            ActionKind::Lapse => Action::Lapse,
            ActionKind::RemindFindings => Action::RemindFindings,
            _ => Action::Remind,
        })
    }
}

/// Carries out what is due, at most one step for each case; answers how many steps. Several
/// instances may do this at the same time: each step is carried out once.
///
/// A case that cannot be read or moved is reported ([`crate::Conditions`]) and passed over; it does
/// not keep the others waiting.
///
/// # Errors
/// When the cases cannot be read.
pub async fn tick(desk: &Desk) -> Result<usize> {
    let mut steps = 0;
    let mut after = 0;
    let mut wrong = Vec::new();
    while let Some((last, due)) = due(desk, after, &mut wrong).await? {
        after = last;
        for (case, kind) in due {
            match carry_out(desk, &case, kind).await {
                Ok(done) => steps += usize::from(done),
                Err(error) => {
                    tracing::warn!(case = %case.number, step = kind.word(), %error, "the clock");
                    wrong.push((case.number.to_string(), format!("{} failed", kind.word())));
                }
            }
        }
    }
    desk.conditions.found(Part::Clock, &wrong, desk.now());
    Ok(steps)
}

/// Whether the step was carried out; not where someone else was faster.
async fn carry_out(desk: &Desk, case: &Case, kind: ActionKind) -> Result<bool> {
    let envelope = Envelope {
        case: case.number,
        seen: Some(Seen::version(case.version)),
    };
    let step = ClockStep {
        kind,
        seen: case.version,
    };
    match run(desk, None, &envelope, &step).await {
        Ok(_) => Ok(true),
        // Someone else has moved the case meanwhile.
        Err(Error::Conflict { .. } | Error::Refused(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Of the next cases by number after `after`: the last number looked at, and those on which the
/// clock has something to do, with what. Nothing when there are no more. A reminder comes before
/// the lapse where both are due, so that nobody's case ends without its reminders.
/// What cannot be read goes to `wrong`.
async fn due(
    desk: &Desk,
    after: i32,
    wrong: &mut Vec<(String, String)>,
) -> Result<Option<(i32, Vec<(Case, ActionKind)>)>> {
    let known = desk.reference.known();
    let now = desk.now();
    let horizon = known.calendar.due(now, known.settings.remind_before_days);
    let rows: Vec<(i32, String)> = cases::Entity::find()
        .select_only()
        .columns([cases::Column::Number, cases::Column::Document])
        .filter(cases::Column::Side.is_in(MOVED.map(Side::word)))
        .filter(cases::Column::DueAt.lte(horizon.micros()))
        .filter(cases::Column::Number.gt(after))
        .order_by_asc(cases::Column::Number)
        .limit(BATCH)
        .into_tuple()
        .all(desk.database.read())
        .await?;
    let Some((last, _)) = rows.last() else {
        return Ok(None);
    };
    let last = *last;
    let context = context(&known, now, Actor::Clock);
    let mut due = Vec::new();
    for (number, document) in rows {
        let case: Case = match serde_json::from_str(&document) {
            Ok(case) => case,
            Err(error) => {
                tracing::warn!(number, %error, "the clock: a case cannot be read");
                wrong.push((format!("UD-{number}"), UNREADABLE.to_owned()));
                continue;
            }
        };
        let kind = [
            ActionKind::Remind,
            ActionKind::Lapse,
            ActionKind::RemindFindings,
        ]
        .into_iter()
        .find(|kind| available(&case, &context, *kind).is_ok());
        if let Some(kind) = kind {
            due.push((case, kind));
        }
    }
    Ok(Some((last, due)))
}
