//! The audit trail: append-only, gapless, each event chained to the one before, written in the
//! transaction of the change it records.

mod chain;
mod sentence;
mod verify;

pub use chain::{BUILD, Entry, Subject, append, append_past, canonical};
pub(crate) use chain::{Newest, head, hold, newest_of_case};
pub use sentence::{Names, Reader, people_in, sentence};
pub use verify::{Fault, Report, verify};

use serde::{Deserialize, Serialize};
use workflow::Timestamp;

/// One line of a trail, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailEntry {
    pub at: Timestamp,
    /// The name of who did it.
    pub who: String,
    /// What happened, as a sentence without its subject ("requested clarification").
    pub what: String,
    /// Why, as far as the reader is to read it; else empty.
    #[serde(default)]
    pub why: String,
}
