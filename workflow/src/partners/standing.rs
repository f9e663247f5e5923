//! How a partnership stands at a date.

use super::{Criterion, State};
use crate::{Timestamp, relation::words};
use time::Duration;

words! {
    /// What an approver decided.
    Decision {
        Approved = "approved",
        Declined = "declined",
    }
}

/// How long a partner has to meet a criterion again. It is stamped on a lapse as the settings have it
/// when the partner is warned: the dates that the letter names stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grace {
    /// Days from the warning until the partnership rests.
    pub rest_days: u16,
    /// Days from then until it ends.
    pub end_days: u16,
}

/// A time in which a criterion was found not to be met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lapse {
    pub criterion: Criterion,
    pub from: Timestamp,
    /// When it was met again.
    pub until: Option<Timestamp>,
    pub grace: Grace,
}

/// Everything that the standing of one application follows from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub applied: Option<Timestamp>,
    pub proposed: Option<Timestamp>,
    pub decided: Option<(Timestamp, Decision)>,
    /// When the developer took the application back, or left.
    pub left: Option<Timestamp>,
    pub lapses: Vec<Lapse>,
}

/// How a partnership stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: State,
    /// Since when it stands so.
    pub since: Option<Timestamp>,
    /// When it comes to rest or ends, if nothing changes.
    pub next: Option<Timestamp>,
}

impl Standing {
    /// Of an app that never applied.
    pub const NONE: Self = Self {
        state: State::None,
        since: None,
        next: None,
    };

    const fn since(state: State, since: Timestamp) -> Self {
        Self {
            state,
            since: Some(since),
            next: None,
        }
    }
}

/// How the partnership stands at a date, by what had happened until then.
pub fn standing(facts: &Facts, at: Timestamp) -> Standing {
    let past = |moment: Option<Timestamp>| moment.filter(|moment| *moment <= at);
    let Some(applied) = past(facts.applied) else {
        return Standing::NONE;
    };
    let left = past(facts.left);
    let decided = facts.decided.filter(|(moment, _)| *moment <= at);
    match (decided, left) {
        (Some((declined, Decision::Declined)), _) => Standing::since(State::Declined, declined),
        (Some((approved, Decision::Approved)), left) => {
            // Leaving ends it, unless it had ended before.
            let stands = held(&facts.lapses, approved, left.unwrap_or(at));
            match left {
                Some(left) if stands.state != State::Ended => Standing::since(State::Ended, left),
                _ => stands,
            }
        }
        (None, Some(left)) => Standing::since(State::None, left),
        (None, None) => match past(facts.proposed) {
            Some(proposed) => Standing::since(State::Proposed, proposed),
            None => Standing::since(State::Applied, applied),
        },
    }
}

/// How a partnership stands that was approved then.
fn held(lapses: &[Lapse], approved: Timestamp, at: Timestamp) -> Standing {
    let mut active_since = approved;
    for Stretch { from, until, grace } in stretches(lapses, approved, at) {
        let days = |days: u16| Duration::days(i64::from(days));
        let rests = from.plus(days(grace.rest_days));
        let ends = rests.plus(days(grace.end_days));
        let last = until.unwrap_or(at);
        let met_again = until.is_some_and(|until| until <= ends);
        if met_again {
            active_since = last;
            continue;
        }
        return if last < rests {
            Standing {
                next: Some(rests),
                ..Standing::since(State::Warned, from)
            }
        } else if last < ends {
            Standing {
                next: Some(ends),
                ..Standing::since(State::Resting, rests)
            }
        } else {
            Standing::since(State::Ended, ends)
        };
    }
    Standing::since(State::Active, active_since)
}

/// A time in which at least one criterion was not met all along.
struct Stretch {
    from: Timestamp,
    /// None while it goes on.
    until: Option<Timestamp>,
    /// Of the lapse with which it began.
    grace: Grace,
}

/// The stretches between approval and `at`, oldest first.
fn stretches(lapses: &[Lapse], approved: Timestamp, at: Timestamp) -> Vec<Stretch> {
    let mut known: Vec<Lapse> = lapses
        .iter()
        .filter(|lapse| lapse.from <= at)
        .filter(|lapse| {
            lapse
                .until
                .is_none_or(|until| until > approved && until > lapse.from)
        })
        .copied()
        .collect();
    known.sort_by_key(|lapse| (lapse.from, lapse.criterion));
    let mut found: Vec<Stretch> = Vec::new();
    for lapse in known {
        let until = lapse.until.filter(|until| *until <= at);
        match found.last_mut() {
            Some(last) if last.until.is_none_or(|until| lapse.from <= until) => {
                last.until = last.until.zip(until).map(|(one, other)| one.max(other));
            }
            _ => found.push(Stretch {
                from: lapse.from.max(approved),
                until,
                grace: lapse.grace,
            }),
        }
    }
    found
}
