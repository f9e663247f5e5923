//! Approvals that live on: the pages that an approved app stands by are read again, and its owners
//! attest every year that contacts and use are as approved. What follows from dates and texts is said
//! by [`workflow::living`]; here are the effects.

mod asking;
pub mod commands;
mod exchange;
mod letters;
mod pages;
pub mod queries;
mod reader;
mod stands;
mod text;
mod verdict;
mod watch;

pub use asking::ask_for_attestations;
pub use reader::{Pace, Reader};
pub(crate) use stands::stands;
pub use watch::keep_watch;

use crate::{entities::page_changes, relations::AppPeople, store::Stored};
use sea_orm::{ColumnTrait, Condition};
use workflow::{PersonId, checklist::ListKind, state::Seat};

/// Where a change of a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeState {
    /// Somebody has to look at it.
    Open,
    /// Looked at, and no concern.
    Cleared,
    /// Raised with the developer.
    Raised,
    /// The page reads again as it did before anybody had looked.
    Undone,
}

impl ChangeState {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Open, Self::Cleared, Self::Raised, Self::Undone];

    /// The word of the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Cleared => "cleared",
            Self::Raised => "raised",
            Self::Undone => "undone",
        }
    }

    /// The reverse of `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// As people call it; `is_answered` once the developer has answered what was raised.
    pub const fn label(self, is_answered: bool) -> &'static str {
        match self {
            Self::Open => "To be looked at",
            Self::Cleared => "No concern",
            Self::Raised if is_answered => "Answered by the developer",
            Self::Raised => "Raised with the developer",
            Self::Undone => "Undone by the developer",
        }
    }
}

/// Who looked after the commercial side of a case: its reviewer, or whoever passed it.
pub(crate) fn commercial_of(stored: &Stored) -> Option<PersonId> {
    let case = &stored.case;
    let passed = case
        .sheet(ListKind::Commercial)
        .and_then(|sheet| sheet.passed)
        .map(|stamp| stamp.by);
    case.seats.get(&Seat::Commercial).copied().or(passed)
}

/// Whether a person is neither now nor ever was on the developer's side of an app.
fn is_ours(people: &AppPeople, person: uuid::Uuid) -> bool {
    !people.is_conflicted(PersonId(person))
}

/// Changes that wait for somebody of ours: found and not looked at, or asked about and answered.
pub(crate) fn waits_for_us() -> Condition {
    use page_changes::Column as C;
    Condition::any()
        .add(C::State.eq(ChangeState::Open.word()))
        .add(
            Condition::all()
                .add(C::State.eq(ChangeState::Raised.word()))
                .add(C::AnsweredAt.is_not_null()),
        )
}

/// Whether the developer has answered what was asked, and nobody has said what comes of it.
pub(crate) fn is_answered(change: &page_changes::Model) -> bool {
    change.state == ChangeState::Raised.word() && change.answered_at.is_some()
}
