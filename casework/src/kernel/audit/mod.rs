//! The audit trail: append-only, gapless, each event chained to the one before, written in the
//! transaction of the change it records. What an event is and how it is chained is [`trail`]'s; the
//! rows that events make are bound into it by their hashes.

mod accounts;
mod bind;
pub(crate) mod body;
mod chain;
mod entries;
pub(crate) mod pages;
mod partners;
pub(crate) mod records;
mod requests;
mod sentence;

pub(crate) use bind::by_key;
pub use chain::{BUILD, Entry, Subject, append, append_past};
pub(crate) use chain::{Newest, head, hold, newest_of_case};
pub(crate) use records::{signature_of, signatures_in};
pub use sentence::{Names, Reader, UNREADABLE, people_in, sentence};
pub use trail::{Fault, canonical};

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
