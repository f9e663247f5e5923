//! How an application ended, with its reasons, from the record.

use crate::{Result, entities::audit_events, rows};
use time::Duration;
use workflow::{
    Case, Event, Timestamp,
    case::GrantStatus,
    event::DeclineReason,
    state::{AccessLevel, Missed, State},
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
}

/// The outcome of a case by its events; none while it is on its way.
pub(super) fn of(
    case: &Case,
    events: &[audit_events::Model],
    appeal_days: u16,
) -> Result<Option<Outcome>> {
    let appeal =
        |at: Timestamp| (!case.reopened).then(|| at.plus(Duration::days(i64::from(appeal_days))));
    Ok(match &case.state {
        State::Approved => {
            let Some(grant) = &case.grant else {
                return Ok(None);
            };
            let changed = last(events, &["grant_suspended", "grant_revoked"])?;
            let reason = match (grant.status, &changed) {
                (GrantStatus::Active, _) | (_, None) => String::new(),
                (_, Some((event, _))) => event.reason().unwrap_or_default().to_owned(),
            };
            Some(Outcome::Approved {
                at: grant.approved.at,
                level: case.level,
                cap: grant.cap,
                grant: grant.status,
                grant_reason: reason,
            })
        }
        State::Declined { at } => match last(events, &["declined"])? {
            Some((Event::Declined { reason, text, .. }, _)) => Some(Outcome::Declined {
                at: *at,
                reason,
                text,
                appeal_until: appeal(*at),
            }),
            _ => None,
        },
        State::Withdrawn => match last(events, &["withdrawn"])? {
            Some((Event::Withdrawn { reason }, at)) => Some(Outcome::Withdrawn { at, reason }),
            _ => None,
        },
        State::Lapsed { at, missed } => Some(Outcome::Lapsed {
            at: *at,
            missed: *missed,
            appeal_until: appeal(*at),
        }),
        _ => None,
    })
}

/// The last event with one of these names, and when it happened.
fn last(events: &[audit_events::Model], names: &[&str]) -> Result<Option<(Event, Timestamp)>> {
    let Some(row) = events
        .iter()
        .rev()
        .find(|row| names.contains(&row.name.as_str()))
    else {
        return Ok(None);
    };
    let mut body: serde_json::Value = rows::json(&row.body, "audit_events", row.seq, "body")?;
    let Some(event) = body.get_mut("event") else {
        return Ok(None);
    };
    let event = serde_json::from_value(event.take())?;
    Ok(Some((event, Timestamp::from_micros(row.at))))
}
