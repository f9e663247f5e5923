//! The two clocks of a case: with us, and with the developer.

use crate::{Calendar, Timestamp, state::Side};
use serde::{Deserialize, Serialize};
use time::Duration;

/// When the case changed sides. The first entry is the submission: a draft costs nobody time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Turns(Vec<(Side, Timestamp)>);

/// Business time spent on each side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    pub us: Duration,
    pub developer: Duration,
}

impl Turns {
    /// From `at` on the time counts for `side`.
    pub(crate) fn pass_to(&mut self, side: Side, at: Timestamp) {
        let never_started = self.0.is_empty() && side != Side::Us;
        if !never_started && self.0.last().is_none_or(|(last, _)| *last != side) {
            self.0.push((side, at));
        }
    }

    /// Whose time runs, since when.
    pub fn running(&self) -> Option<(Side, Timestamp)> {
        self.0.last().copied()
    }

    /// When the case was first handed in.
    pub fn started(&self) -> Option<Timestamp> {
        self.0.first().map(|(_, at)| *at)
    }

    /// Business time on each side up to `now`.
    pub fn spent(&self, now: Timestamp, calendar: &Calendar) -> Spent {
        let mut spent = Spent::default();
        for (index, (side, from)) in self.0.iter().enumerate() {
            let to = self.0.get(index + 1).map_or(now, |(_, next)| *next);
            let elapsed = calendar.elapsed(*from, to);
            match side {
                Side::Us => spent.us += elapsed,
                Side::Developer => spent.developer += elapsed,
                Side::Nobody => {}
            }
        }
        spent
    }
}
