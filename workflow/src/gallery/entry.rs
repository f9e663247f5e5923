//! One entry, and what becomes of it.

use super::{ActionKind, State, To, of};
use serde::{Deserialize, Serialize};

/// What the rules look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub state: State,
    /// The version that everybody may see.
    pub public: Option<u32>,
    /// The newest version that was sent in; 0 before the first.
    pub newest: u32,
    /// Whether any version was ever public.
    pub was_public: bool,
    /// Whether it has been noted that partnership or access has gone.
    pub resting: bool,
}

/// What else must be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Whether the developer is a partner and the app has the access that the gallery asks for.
    pub stands: bool,
    /// Whether what was written differs from the version that is public.
    pub differs: bool,
}

/// Why it does not happen, in the words of the person who tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Refused {
    #[error("\"{}\" is not possible while the entry is {}.", action.label(), spoken(*state))]
    NotInThisState { action: ActionKind, state: State },
    #[error(
        "The gallery shows apps with Full Access of partners in good standing. This app is not one of them at present."
    )]
    NotStanding,
    #[error("Nothing differs from the version that is public. Change something first.")]
    NothingNew,
    #[error("Nothing of this entry is public.")]
    NothingPublic,
    #[error("No version of this entry was ever public, so there is nothing to go back to.")]
    NothingBefore,
    #[error("Partnership and access are there, so the entry stays in the gallery.")]
    StillStands,
    #[error("This has been noted before.")]
    NotedBefore,
}

/// Within a sentence.
const fn spoken(state: State) -> &'static str {
    match state {
        State::Draft => "a draft",
        State::InReview => "in review",
        State::ChangesAsked => "waiting for the changes that were asked",
        State::Published => "published and nothing newer is written",
        State::TakenDown => "taken down",
    }
}

impl Default for Entry {
    fn default() -> Self {
        Self {
            state: State::Draft,
            public: None,
            newest: 0,
            was_public: false,
            resting: false,
        }
    }
}

impl Entry {
    /// Whether what was public was taken out, whatever is being written since.
    pub const fn is_down(self) -> bool {
        self.was_public && self.public.is_none()
    }

    /// Where it stands when nobody writes.
    const fn at_rest(self) -> State {
        if self.public.is_some() {
            State::Published
        } else {
            State::TakenDown
        }
    }
}

/// What the entry is after the action.
///
/// # Errors
/// The first rule that stands against it.
pub fn decide(entry: &Entry, kind: ActionKind, facts: Facts) -> Result<Entry, Refused> {
    let row = of(kind);
    if !row.from.contains(&entry.state) {
        return Err(Refused::NotInThisState {
            action: kind,
            state: entry.state,
        });
    }
    if row.of_public && entry.public.is_none() {
        return Err(Refused::NothingPublic);
    }
    if row.needs_standing && !facts.stands {
        return Err(Refused::NotStanding);
    }
    let mut next = *entry;
    match kind {
        ActionKind::SendIn if entry.public.is_some() && !facts.differs => {
            return Err(Refused::NothingNew);
        }
        ActionKind::SendIn => next.newest += 1,
        ActionKind::Discard if !entry.was_public => return Err(Refused::NothingBefore),
        ActionKind::Publish => {
            next.public = Some(entry.newest);
            next.was_public = true;
            next.resting = false;
        }
        ActionKind::Rest if facts.stands => return Err(Refused::StillStands),
        ActionKind::Rest if entry.resting => return Err(Refused::NotedBefore),
        ActionKind::Rest => next.resting = true,
        ActionKind::Return if !entry.resting => return Err(Refused::NotedBefore),
        ActionKind::Return => next.resting = false,
        ActionKind::Edit
        | ActionKind::TakeBack
        | ActionKind::Discard
        | ActionKind::Unlist
        | ActionKind::AskChanges
        | ActionKind::TakeDown => {}
    }
    match row.to {
        To::Stays => {}
        To::State(state) => next.state = state,
        To::Writing if entry.state == State::ChangesAsked => {}
        To::Writing => next.state = State::Draft,
        To::Before => next.state = entry.at_rest(),
        To::Down => {
            next.public = None;
            next.resting = false;
            if entry.state == State::Published {
                next.state = State::TakenDown;
            }
        }
    }
    Ok(next)
}

/// Whether an action is possible now.
pub fn available(entry: &Entry, kind: ActionKind, facts: Facts) -> bool {
    decide(entry, kind, facts).is_ok()
}
