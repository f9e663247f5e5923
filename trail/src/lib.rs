//! A tamper-evident trail: what an event is, which bytes of it are hashed, how events are chained,
//! and how a whole trail is verified. Knows no database, no network and no clock.
//!
//! Each event has a hash over all of itself, the hash of the event before it included: whoever
//! alters, drops, adds or moves one changes every hash after it. The trail ends with its [`Head`],
//! which is kept apart from the events.
//!
//! ```
//! use trail::{Draft, Head, verify};
//!
//! let mut head = Head::genesis();
//! let first = head.link(Draft { name: "registered".to_owned(), ..Draft::default() })?;
//! let second = head.link(Draft { name: "signed_in".to_owned(), ..Draft::default() })?;
//! assert_eq!(verify([first, second], &head)?.fault, None);
//! # Ok::<(), trail::Unwritable>(())
//! ```
//!
//! Rows and files that lie outside the trail are bound into it by the hashes that events carry
//! ([`record`]); [`Fault`] has the words for what can be wrong with either.

//!
//! The same events are the leaves of a Merkle tree ([`tree`]), whose root is signed from time to time
//! ([`checkpoint`], [`note`]), published as files ([`tile`]), and proves single events ([`receipt`])
//! and whole exports ([`bundle`]) to somebody who has nothing of ours but a public key.

pub mod bundle;
pub mod checkpoint;
mod event;
mod fault;
mod json;
pub mod note;
pub mod passkey;
pub mod receipt;
pub mod record;
pub mod signature;
pub mod tile;
pub mod tree;
mod walk;

pub use event::{Draft, Event, GENESIS, Head};
pub use fault::{Fault, Wrong};
pub use json::{Unwritable, canonical};
pub use tree::Hash;
pub use walk::{Report, Walk, verify};

use sha2::{Digest, Sha256};

/// SHA-256 of some bytes, in lower-case hexadecimal.
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(bytes))
}
