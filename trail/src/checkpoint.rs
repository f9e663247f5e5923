//! Checkpoints (c2sp.org/tlog-checkpoint): how many events there were, and the root of the tree over
//! them, signed.

use crate::{
    note::{BadNote, Note, Signer, Verifier},
    tree::Hash,
};
use std::fmt;

/// The state of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: the name of its keys.
    pub origin: String,
    /// How many events.
    pub size: u64,
    /// The root of the tree over their hashes.
    pub root: Hash,
}

impl Checkpoint {
    /// Signs it with each of the keys.
    ///
    /// # Errors
    /// [`BadNote::Malformed`] when the origin is none.
    pub fn sign<'a>(&self, signers: impl IntoIterator<Item = &'a Signer>) -> Result<Note, BadNote> {
        Note::sign(&self.to_string(), signers)
    }

    /// Reads a checkpoint that one of these keys has signed; its origin is the name of that key.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open(note: &Note, keys: &[Verifier]) -> Result<Self, BadNote> {
        let signed = note.signed_by(keys)?;
        let checkpoint = Self::parse(note.text()).ok_or(BadNote::NoCheckpoint)?;
        let of_log = |key: &&Verifier| !key.is_witness() && key.name() == checkpoint.origin;
        match signed.iter().any(of_log) {
            true => Ok(checkpoint),
            false => Err(BadNote::NoCheckpoint),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let checkpoint = Self {
            origin: origin.to_owned(),
            size: size.parse().ok()?,
            root: Hash::from_base64(root)?,
        };
        // One way to write each, and nothing that nobody can audit behind it.
        (checkpoint.to_string() == text && !origin.is_empty()).then_some(checkpoint)
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = self.root.to_base64();
        writeln!(f, "{}\n{}\n{root}", self.origin, self.size)
    }
}
