//! How an application ended, with its reasons, from the record.

use crate::{
    Desk,
    audit::{UNREADABLE, body},
    entities::audit_events,
};
use time::Duration;
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
        /// Why the grant was suspended or revoked last; empty where it was not.
        grant_reason: String,
    },
    Declined {
        at: Timestamp,
        reason: DeclineReason,
        text: String,
        /// Until when an appeal may reopen it; none where it was reopened before.
        appeal_until: Option<Timestamp>,
    },
    Withdrawn {
        at: Timestamp,
        reason: String,
    },
    Lapsed {
        at: Timestamp,
        missed: Missed,
        appeal_until: Option<Timestamp>,
    },
    /// It has ended, and the entry that says how cannot be read.
    Unreadable {
        at: Timestamp,
        state: StateKind,
    },
}

/// The outcome of a case by its events; none while it is on its way.
pub(super) fn of(
    desk: &Desk,
    case: &Case,
    events: &[audit_events::Model],
    appeal_days: u16,
) -> Option<Outcome> {
    let appeal =
        |at: Timestamp| (!case.reopened).then(|| at.plus(Duration::days(i64::from(appeal_days))));
    let unreadable = |at| Outcome::Unreadable {
        at,
        state: case.state.kind(),
    };
    match &case.state {
        State::Approved => {
            let grant = case.grant.as_ref()?;
            let changed = last(desk, events, &["grant_suspended", "grant_revoked"]);
            let reason = match (grant.status, &changed) {
                (GrantStatus::Active, _) | (_, None) => String::new(),
                (_, Some((None, _))) => UNREADABLE.to_owned(),
                (_, Some((Some(event), _))) => event.reason().unwrap_or_default().to_owned(),
            };
            Some(Outcome::Approved {
                at: grant.approved.at,
                level: case.level,
                cap: grant.cap,
                grant: grant.status,
                grant_reason: reason,
            })
        }
        State::Declined { at } => match last(desk, events, &["declined"]) {
            Some((Some(Event::Declined { reason, text, .. }), _)) => Some(Outcome::Declined {
                at: *at,
                reason,
                text,
                appeal_until: appeal(*at),
            }),
            _ => Some(unreadable(*at)),
        },
        State::Withdrawn => match last(desk, events, &["withdrawn"]) {
            Some((Some(Event::Withdrawn { reason }), at)) => {
                Some(Outcome::Withdrawn { at, reason })
            }
            Some((_, at)) => Some(unreadable(at)),
            None => None,
        },
        State::Lapsed { at, missed } => Some(Outcome::Lapsed {
            at: *at,
            missed: *missed,
            appeal_until: appeal(*at),
        }),
        _ => None,
    }
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
