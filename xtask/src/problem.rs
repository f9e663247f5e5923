//! What went wrong, in words for the person at the terminal.

use std::fmt;
use std::path::Path;

/// A failed step. The text says what to do about it where that is known.
#[derive(Debug)]
pub struct Problem(String);

/// A step's result.
pub type Outcome<T = ()> = Result<T, Problem>;

impl Problem {
    /// A problem in the words given.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A problem of which everything has been said already.
    pub fn silent() -> Self {
        Self(String::new())
    }

    /// Whether there is nothing left to say.
    pub fn is_silent(&self) -> bool {
        self.0.is_empty()
    }

    /// A failure to read or write `path`.
    pub fn at(path: &Path, error: impl fmt::Display) -> Self {
        Self(format!("{}: {error}", path.display()))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Problem {}
