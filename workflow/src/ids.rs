//! Identifiers. Each is a UUID (version 7 where we make it), wrapped so that one kind cannot be
//! handed over for another.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A person with an account: developer or staff.
    PersonId,
    /// An app of a developer.
    AppId,
    /// One upgrade application.
    CaseId,
    /// One question of a clarification request.
    QuestionId,
    /// A recorded fault.
    FindingId,
    /// An electronic signature.
    SignatureId,
    /// What an approval gives the app.
    GrantId,
    /// An uploaded file.
    AttachmentId,
}

/// The number people call a case by, shown as `UD-1042`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseNumber(pub u32);

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UD-{}", self.0)
    }
}

impl FromStr for CaseNumber {
    type Err = std::num::ParseIntError;

    /// Reads `UD-1042`, `ud-1042` or `1042`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text
            .strip_prefix("UD-")
            .or_else(|| text.strip_prefix("ud-"))
            .unwrap_or(text);
        digits.parse().map(Self)
    }
}
