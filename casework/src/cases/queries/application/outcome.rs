//! How an application ended, with its reasons, from the record.

use crate::{
    Desk, Result,
    audit::{TrailEntry, UNREADABLE, body},
    entities::audit_events,
    reference::Known,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use time::Duration;
use uuid::Uuid;
use workflow::{
    Case, Event, Timestamp,
    case::GrantStatus,
    event::DeclineReason,
    state::{AccessLevel, Missed, State, StateKind},
};

/// How an application ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Approved {
        at: Timestamp,
        level: AccessLevel,
        /// At most this many authorised users; none: no such cap.
        cap: Option<u32>,
        grant: GrantStatus,
        /// Since when and why it is suspended or revoked; none where it is neither.
        held: Option<(Timestamp, String)>,
    },
    Declined {
        at: Timestamp,
        reason: DeclineReason,
        text: String,
        appeal: Option<AppealView>,
    },
    Withdrawn {
        at: Timestamp,
        /// The member who did it.
        who: String,
        reason: String,
    },
    Lapsed {
        at: Timestamp,
        missed: Missed,
        appeal: Option<AppealView>,
    },
    /// It has ended, and the entry that says how cannot be read.
    Unreadable { at: Timestamp, state: StateKind },
}

/// Whether the end of an application can be appealed against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppealView {
    /// Until then.
    Until(Timestamp),
    /// It could be until then.
    Over(Timestamp),
    /// It was, at this moment, and nobody has reopened it since.
    Made(Timestamp),
    /// It was, and this is why the end stays as it is, since this moment.
    Answered { at: Timestamp, text: String },
    /// It was reopened once before, so its end is final.
    Final,
}

impl AppealView {
    /// Of a case that was declined or has lapsed; none of others.
    pub(crate) fn of(case: &Case, known: &Known, now: Timestamp) -> Option<Self> {
        let (State::Declined { at } | State::Lapsed { at, .. }) = case.state else {
            return None;
        };
        let until = at.plus(Duration::days(i64::from(known.settings.appeal_days)));
        if let Some(answer) = case.appeal_answer.as_ref().filter(|_| !case.reopened) {
            return Some(Self::Answered {
                at: answer.stamp.at,
                text: answer.text.to_string(),
            });
        }
        Some(match case.appealed {
            _ if case.reopened => Self::Final,
            Some(appealed) => Self::Made(appealed),
            None if now <= until => Self::Until(until),
            None => Self::Over(until),
        })
    }
}

/// The outcome of a case by its events; none while it is on its way. `history` is the same for its
/// developer, who reads there who did what.
pub(super) fn of(
    desk: &Desk,
    case: &Case,
    events: &[audit_events::Model],
    history: &[TrailEntry],
) -> Option<Outcome> {
    let appeal = AppealView::of(case, &desk.reference.known(), desk.now());
    let who = |at: Timestamp| {
        let entry = history.iter().rev().find(|entry| entry.at == at);
        entry.map(|entry| entry.who.clone()).unwrap_or_default()
    };
    let unreadable = |at| Outcome::Unreadable {
        at,
        state: case.state.kind(),
    };
    match &case.state {
        State::Approved => {
            let grant = case.grant.as_ref()?;
            let changed = last(desk, events, &["grant_suspended", "grant_revoked"]);
            let held = match (grant.status, changed) {
                (GrantStatus::Active, _) | (_, None) => None,
                (_, Some((None, at))) => Some((at, UNREADABLE.to_owned())),
                (_, Some((Some(event), at))) => {
                    Some((at, event.told_reason().unwrap_or_default().to_owned()))
                }
            };
            Some(Outcome::Approved {
                at: grant.approved.at,
                level: case.level,
                cap: grant.cap,
                grant: grant.status,
                held,
            })
        }
        State::Declined { at } => match last(desk, events, &["declined"]) {
            Some((Some(Event::Declined { reason, text, .. }), _)) => Some(Outcome::Declined {
                at: *at,
                reason,
                text: text.to_string(),
                appeal,
            }),
            _ => Some(unreadable(*at)),
        },
        State::Withdrawn => match last(desk, events, &["withdrawn"]) {
            Some((Some(Event::Withdrawn { reason, .. }), at)) => {
                let who = who(at);
                Some(Outcome::Withdrawn { at, who, reason })
            }
            Some((_, at)) => Some(unreadable(at)),
            None => None,
        },
        State::Lapsed { at, missed } => Some(Outcome::Lapsed {
            at: *at,
            missed: *missed,
            appeal,
        }),
        _ => None,
    }
}

/// Why a case was declined last, as its developer read it.
pub(in crate::cases::queries) async fn declined_text(desk: &Desk, case: Uuid) -> Result<String> {
    let row = audit_events::Entity::find()
        .filter(audit_events::Column::CaseId.eq(case))
        .filter(audit_events::Column::Name.eq("declined"))
        .order_by_desc(audit_events::Column::Seq)
        .one(desk.database.read())
        .await?;
    let said = last(desk, row.as_slice(), &["declined"]);
    Ok(match said {
        Some((Some(Event::Declined { reason, text, .. }), _)) => {
            format!("{}: {text}", reason.label())
        }
        _ => String::new(),
    })
}

/// The last event with one of these names, if it can be read, and when it happened.
fn last(
    desk: &Desk,
    events: &[audit_events::Model],
    names: &[&str],
) -> Option<(Option<Event>, Timestamp)> {
    let mut backwards = events.iter().rev();
    let row = backwards.find(|row| names.contains(&row.name.as_str()))?;
    let body = body::read(desk, row.seq, true, &row.name, &row.body);
    let event = body::event_in(&row.name, &body);
    Some((event, Timestamp::from_micros(row.at)))
}
