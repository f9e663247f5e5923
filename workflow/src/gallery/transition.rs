//! The transition table of the gallery: one row for each action, every column written out.

use super::State;
use crate::{relation::words, transition::StepSide};

words! {
    /// What can be done about an entry.
    ActionKind {
        /// The developer changes texts or images.
        Edit = "edit",
        SendIn = "send_in",
        /// The developer takes it back out of the review.
        TakeBack = "take_back",
        /// The developer gives up what was written since the last version that was public.
        Discard = "discard",
        /// The developer takes the public version out of the gallery.
        Unlist = "unlist",
        AskChanges = "ask_changes",
        Publish = "publish",
        /// We take the public version out of the gallery.
        TakeDown = "take_down",
        /// Partnership or access has gone: the entry is not shown.
        Rest = "rest",
        /// Both are back.
        Return = "return",
    }
}

impl ActionKind {
    /// The words on its button.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Edit => "Save",
            Self::SendIn => "Send in for review",
            Self::TakeBack => "Take back from review",
            Self::Discard => "Discard draft",
            Self::Unlist => "Take out of the gallery",
            Self::AskChanges => "Ask for changes",
            Self::Publish => "Publish",
            Self::TakeDown => "Take down",
            Self::Rest => "Hide",
            Self::Return => "Show again",
        }
    }
}

/// Where the work stands afterwards, and what is public then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// Where it stood.
    Stays,
    State(State),
    /// A draft, unless changes were asked: what was asked stays in sight until it is sent in.
    Writing,
    /// Where it stood before somebody began to write.
    Before,
    /// Nothing is public; what is being worked on stays.
    Down,
}

/// What is fixed about an action.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// Whose step it is.
    pub side: StepSide,
    pub from: &'static [State],
    pub to: To,
    /// Whether something must be public.
    pub of_public: bool,
    /// Whether the developer must be a partner whose app has the access.
    pub needs_standing: bool,
    /// Whether it is refused when the entry has changed since the person looked.
    pub judges: bool,
}

use State::{ChangesAsked, Draft, InReview, Published, TakenDown};
use StepSide::{Clock, Developer, Staff};

/// The row of an action.
pub const fn of(kind: ActionKind) -> Transition {
    const fn row(
        side: StepSide,
        from: &'static [State],
        to: To,
        of_public: bool,
        needs_standing: bool,
        judges: bool,
    ) -> Transition {
        Transition {
            side,
            from,
            to,
            of_public,
            needs_standing,
            judges,
        }
    }
    const NOT_IN_REVIEW: &[State] = &[Draft, ChangesAsked, Published, TakenDown];
    const WRITING: &[State] = &[Draft, ChangesAsked];
    const REVIEW: &[State] = &[InReview];
    let (yes, no) = (true, false);
    match kind {
        ActionKind::Edit => row(Developer, NOT_IN_REVIEW, To::Writing, no, yes, yes),
        ActionKind::SendIn => row(Developer, WRITING, To::State(InReview), no, yes, yes),
        ActionKind::TakeBack => row(Developer, REVIEW, To::State(Draft), no, no, no),
        ActionKind::Discard => row(Developer, WRITING, To::Before, no, no, yes),
        ActionKind::Unlist => row(Developer, State::ALL, To::Down, yes, no, no),
        ActionKind::AskChanges => row(Staff, REVIEW, To::State(ChangesAsked), no, no, yes),
        ActionKind::Publish => row(Staff, REVIEW, To::State(Published), no, yes, yes),
        ActionKind::TakeDown => row(Staff, State::ALL, To::Down, yes, no, no),
        ActionKind::Rest => row(Clock, State::ALL, To::Stays, yes, no, no),
        ActionKind::Return => row(Clock, State::ALL, To::Stays, yes, yes, no),
    }
}
