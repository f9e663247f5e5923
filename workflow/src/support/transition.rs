//! The transition table of support requests: one row for each action, every column written out.

use super::State;
use crate::{relation::words, transition::StepSide};

words! {
    /// What can be done about a request that is there.
    ActionKind {
        /// The developer writes.
        Answer = "answer",
        Reopen = "reopen",
        /// The developer needs nothing more.
        Close = "close",
        Rate = "rate",
        /// We write.
        Reply = "reply",
        /// What only we read.
        Note = "note",
        Solve = "solve",
        /// Somebody of ours answers for it from now on.
        Assign = "assign",
        /// Nobody in particular does.
        Release = "release",
        /// A case has to do with it.
        Link = "link",
        Merge = "merge",
        Move = "move",
        /// Solved, and not reopened in time.
        Expire = "expire",
    }
}

impl ActionKind {
    /// The words on its button.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Answer => "Send answer",
            Self::Reopen => "Reopen",
            Self::Close => "Close request",
            Self::Rate => "Rate",
            Self::Reply => "Reply",
            Self::Note => "Add note",
            Self::Solve => "Reply and solve",
            Self::Assign => "Assign",
            Self::Release => "Release",
            Self::Link => "Link case",
            Self::Merge => "Merge",
            Self::Move => "Move",
            Self::Expire => "Close",
        }
    }
}

/// Where a request stands afterwards, and with that whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// Where it stood.
    Stays,
    State(State),
}

/// Which of the two clocks runs afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The one that ran.
    RunsOn,
    /// Ours; if it did not run before, a new time to answer begins.
    Us,
    Developer,
    /// Neither.
    Stops,
}

/// What is fixed about an action.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// Whose step it is.
    pub side: StepSide,
    pub from: &'static [State],
    pub to: To,
    pub clock: Clock,
    /// Whether it is refused when the request has changed since the person looked.
    pub judges: bool,
}

use State::{Closed, Merged, Moved, Open, Solved, WaitingForDeveloper, WaitingForUs};
use StepSide::{Clock as Desk, Developer, Staff};

const OPEN: &[State] = &[Open, WaitingForDeveloper, WaitingForUs];
const OVER: &[State] = &[Solved, Closed];

/// The row of an action.
pub const fn of(kind: ActionKind) -> Transition {
    const fn row(
        side: StepSide,
        from: &'static [State],
        to: To,
        clock: Clock,
        judges: bool,
    ) -> Transition {
        Transition {
            side,
            from,
            to,
            clock,
            judges,
        }
    }
    use To::{State as Goes, Stays};
    match kind {
        ActionKind::Answer => row(Developer, OPEN, Goes(WaitingForUs), Clock::Us, false),
        ActionKind::Reopen => row(Developer, OVER, Goes(WaitingForUs), Clock::Us, false),
        ActionKind::Close => row(
            Developer,
            &[Open, WaitingForDeveloper, WaitingForUs, Solved],
            Goes(Closed),
            Clock::Stops,
            true,
        ),
        ActionKind::Rate => row(Developer, OVER, Stays, Clock::RunsOn, false),
        ActionKind::Reply => row(
            Staff,
            OPEN,
            Goes(WaitingForDeveloper),
            Clock::Developer,
            true,
        ),
        ActionKind::Note => row(Staff, State::ALL, Stays, Clock::RunsOn, false),
        ActionKind::Solve => row(Staff, OPEN, Goes(Solved), Clock::Stops, true),
        ActionKind::Assign => row(Staff, OPEN, Stays, Clock::RunsOn, true),
        ActionKind::Release => row(Staff, OPEN, Stays, Clock::RunsOn, true),
        ActionKind::Link => row(
            Staff,
            &[Open, WaitingForDeveloper, WaitingForUs, Solved, Closed],
            Stays,
            Clock::RunsOn,
            false,
        ),
        ActionKind::Merge => row(Staff, OPEN, Goes(Merged), Clock::Stops, true),
        ActionKind::Move => row(Staff, OPEN, Goes(Moved), Clock::Stops, true),
        ActionKind::Expire => row(Desk, &[Solved], Goes(Closed), Clock::Stops, false),
    }
}
