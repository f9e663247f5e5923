//! One step for many cases of the queue.
//!
//! A run is a row of `bulk_runs` with a row of `bulk_cases` for each case. It is looked at first:
//! each step is tried and taken back, so what is foreseen is what the step itself answers. Once its
//! maker has confirmed it, each step is taken as it is taken alone, and settles its row in its own
//! transaction. Both go on by whatever instance has the lease of the run.

mod letter;
mod rows;
mod steps;
mod work;

pub use work::go_on;

pub(crate) use rows::{New, insert};
pub(crate) use work::go_on_with;

use crate::{
    Error, Result,
    entities::{bulk_cases, bulk_runs},
    paging::views,
};
use workflow::state::Seat;

/// So many cases are in one run at most.
pub const MOST_IN_RUN: usize = 5_000;

views! {
    /// What is done with each case.
    pub enum BulkKind {
        Assign = "assign", "Assign";
        Remind = "remind", "Remind the developer";
        Tag = "tag", "Put a tag on";
    }
}

views! {
    /// How far a run is.
    pub enum RunState {
        /// It is being looked at what would come of it.
        Looking = "looking", "Being looked at";
        /// It waits for its maker.
        Ready = "ready", "Not begun";
        Running = "running", "Going on";
        Ended = "ended", "Ended";
    }
}

views! {
    /// What came of one case.
    pub enum BulkOutcome {
        /// Nobody has looked at it yet.
        New = "new", "Not looked at yet";
        Ready = "ready", "Will be done";
        /// As it was looked at; it stays so.
        Cannot = "cannot", "Cannot be done";
        Done = "done", "Done";
        /// As its step was to be taken.
        Refused = "refused", "Not done";
    }
}

impl BulkKind {
    /// The kind of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }

    pub(crate) fn of(run: &bulk_runs::Model) -> Result<Self> {
        Self::from_word(&run.kind).ok_or_else(|| Error::corrupt("bulk_runs", run.id, "kind"))
    }
}

impl RunState {
    pub(crate) fn of(run: &bulk_runs::Model) -> Result<Self> {
        let state = Self::ALL.iter().find(|state| state.word() == run.state);
        let state = state.copied();
        state.ok_or_else(|| Error::corrupt("bulk_runs", run.id, "state"))
    }
}

impl BulkOutcome {
    /// The outcome of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.word() == word)
    }
}

/// The seat that a case of an assignment is about.
pub(crate) fn seat(case: &bulk_cases::Model) -> Result<Seat> {
    let seat = case.seat.as_deref().and_then(Seat::from_word);
    seat.ok_or_else(|| Error::corrupt("bulk_cases", case.run_id, "seat"))
}
