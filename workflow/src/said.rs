//! Who reads what one of ours writes. The two are different types, so that a text for our side cannot
//! become one that a developer reads without somebody writing it as such.
//!
//! What a developer writes is a plain `String`: both sides read it.

use serde::{Deserialize, Serialize};
use std::{fmt, ops::Deref};

/// Written for our side alone: notes, evidence, proposals, reasons that we give each other. It is no
/// text by itself; whoever shows it says by [`Internal::inside`] that our side reads there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Internal(String);

impl Internal {
    /// What somebody wrote where it says that it stays with us.
    pub fn written(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// For where our side alone reads.
    pub fn inside(&self) -> &str {
        &self.0
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Written to the developer: questions, findings, decisions and their reasons.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Outward(String);

impl Outward {
    /// What somebody wrote where it says that the developer reads it.
    pub fn written(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl Deref for Outward {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Outward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<str> for Outward {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Outward {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}
