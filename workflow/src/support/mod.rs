//! The rules of support requests: a question of a registered developer, from the first word to the
//! last. As with applications, nothing here reads a clock or knows who asks; [`decide`] answers what
//! becomes of a request, or the [`Refused`] that says why not.

mod request;
mod transition;

pub use request::{
    Action, LONGEST_SUBJECT, MOST_STARS, REOPENS_WITHIN, Refused, Request, available, decide,
    may_reopen_until, take_in,
};
pub use transition::{ActionKind, Clock, To, Transition, of};

use crate::{relation::words, state::Side};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

words! {
    /// Where a request stands.
    State {
        /// Nobody of ours has answered yet.
        Open = "open",
        WaitingForDeveloper = "waiting_for_developer",
        WaitingForUs = "waiting_for_us",
        /// Answered for good, as we think; it can be reopened for some time.
        Solved = "solved",
        Closed = "closed",
        /// It goes on in another request.
        Merged = "merged",
        /// It goes on in another place.
        Moved = "moved",
    }
}

impl State {
    /// The word staff use.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "New",
            Self::WaitingForDeveloper => "With the developer",
            Self::WaitingForUs => "With us",
            Self::Solved => "Solved",
            Self::Closed => "Closed",
            Self::Merged => "Merged",
            Self::Moved => "Moved",
        }
    }

    /// To the developer.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Open => "We have your request. Somebody takes it next.",
            Self::WaitingForDeveloper => "We have answered. It is your turn.",
            Self::WaitingForUs => "It is our turn to answer.",
            Self::Solved => "We think this is solved.",
            Self::Closed => "This request is closed.",
            Self::Merged => "This goes on in another of your requests.",
            Self::Moved => "This goes on in another place.",
        }
    }

    /// Whose turn it is.
    pub const fn side(self) -> Side {
        match self {
            Self::Open | Self::WaitingForUs => Side::Us,
            Self::WaitingForDeveloper => Side::Developer,
            Self::Solved | Self::Closed | Self::Merged | Self::Moved => Side::Nobody,
        }
    }

    /// Whether somebody still has something to do.
    pub const fn is_open(self) -> bool {
        !matches!(self.side(), Side::Nobody)
    }
}

words! {
    /// What a request is about; by it the time to answer is set.
    Category {
        Security = "security",
        Api = "api",
        Access = "access",
        Account = "account",
        Application = "application",
        Other = "other",
    }
}

impl Category {
    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Security => "Security or a lost secret",
            Self::Api => "The API and its data",
            Self::Access => "Access of an app",
            Self::Account => "My account",
            Self::Application => "An application under review",
            Self::Other => "Something else",
        }
    }

    /// Within how many business days we answer.
    pub const fn days(self) -> u16 {
        match self {
            Self::Security => 1,
            Self::Api | Self::Access | Self::Account => 2,
            Self::Application | Self::Other => 3,
        }
    }
}

words! {
    /// Where it happens.
    Environment {
        Production = "production",
        Sandbox = "sandbox",
        Neither = "neither",
    }
}

impl Environment {
    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Production => "Production",
            Self::Sandbox => "Sandbox",
            Self::Neither => "Neither of them",
        }
    }
}

/// The number people call a request by, shown as `SR-1042`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestNumber(pub u32);

impl fmt::Display for RequestNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SR-{}", self.0)
    }
}

impl FromStr for RequestNumber {
    type Err = std::num::ParseIntError;

    /// Reads `SR-1042`, `sr-1042` or `1042`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text
            .strip_prefix("SR-")
            .or_else(|| text.strip_prefix("sr-"))
            .unwrap_or(text);
        digits.parse().map(Self)
    }
}
