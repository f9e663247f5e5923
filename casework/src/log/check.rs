//! Receipts that somebody brings back: whether they prove themselves against the keys of this desk,
//! and whether what they prove is still in its log.

use super::{Log, Looked, Trouble};
use crate::{Desk, Result};
use trail::{
    Hash,
    note::Verifier,
    receipt::{Flaw, Proven, Receipt},
};

/// What a receipt says, all of it hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub receipt: Receipt,
    pub proven: Proven,
    /// Whether the log that this desk publishes still holds the event at its place.
    pub still_there: bool,
}

/// Verifies the text of a receipt.
///
/// # Errors
/// When the log does not answer.
pub async fn check(desk: &Desk, text: &str) -> Result<Result<Shown, Flaw>> {
    let keys = public_keys(desk)?;
    let proven = Receipt::parse(text).and_then(|receipt| {
        let proven = receipt.verify(Some(&keys))?;
        Ok((receipt, proven))
    });
    let (receipt, proven) = match proven {
        Ok(found) => found,
        Err(flaw) => return Ok(Err(flaw)),
    };
    let leaf = Hash::of_leaf(&receipt.event.leaf()?);
    let still_there = match holds(&desk.log, receipt.proof.index, leaf, &keys).await {
        Ok(holds) => holds,
        Err(Trouble::Fault(_)) => false,
        Err(Trouble::Error(error)) => return Err(error),
    };
    Ok(Ok(Shown {
        receipt,
        proven,
        still_there,
    }))
}

/// The public keys of the log, the newest first.
///
/// # Errors
/// When they cannot be read.
pub fn public_keys(desk: &Desk) -> Result<Vec<Verifier>> {
    Ok(desk.log.keys.read()?.verifiers())
}

async fn holds(log: &Log, index: u64, leaf: Hash, keys: &[Verifier]) -> Looked<bool> {
    match log.published.newest(keys).await? {
        Some((_, newest)) if newest.size > index => {
            Ok(log.published.leaf(index, newest.size).await? == leaf)
        }
        _ => Ok(false),
    }
}
