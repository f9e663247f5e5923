//! A whole trail against the log as it lies in some place: event by event, so that the first that
//! is not the one that was published is named.

use super::{Looked, Place, Trouble};
use std::collections::BTreeMap;
use trail::{
    Fault, Hash,
    checkpoint::Checkpoint,
    note::Verifier,
    tile::{Tile, WIDTH},
    tree::Tree,
};

/// See the module.
#[derive(Debug)]
pub(crate) struct Against {
    place: Place,
    checkpoints: BTreeMap<u64, Checkpoint>,
    size: u64,
    /// The tree of the events of the database, and that of the leaves in the place.
    ours: Tree,
    theirs: Tree,
    tile: Vec<Hash>,
    /// The first event that is not the leaf at its place.
    differs: Option<i64>,
    /// Up to here the root was that of a checkpoint.
    fits: i64,
    faults: Vec<Fault>,
    ended: bool,
}

impl Against {
    /// Every checkpoint in a place that these keys have signed.
    ///
    /// # Errors
    /// When the place does not answer.
    pub async fn place(place: &Place, keys: &[Verifier]) -> crate::Result<Self> {
        let (checkpoints, faults) = place.all(keys).await.map_err(Trouble::into_error)?;
        Ok(Self {
            place: place.clone(),
            size: checkpoints.keys().next_back().copied().unwrap_or(0),
            checkpoints,
            ours: Tree::default(),
            theirs: Tree::default(),
            tile: Vec::new(),
            differs: None,
            fits: 0,
            faults,
            ended: false,
        })
    }

    /// Takes the next event's number and the hash that its bytes have.
    ///
    /// # Errors
    /// When the place does not answer.
    pub async fn take(&mut self, seq: i64, leaf: Hash) -> crate::Result<()> {
        let index = self.ours.size();
        // Behind a gap nothing can be compared; the gap is found as one.
        if self.ended || u64::try_from(seq) != Ok(index + 1) || index >= self.size {
            self.ended = true;
            return Ok(());
        }
        if index.is_multiple_of(WIDTH) {
            self.tile = match self.read(index).await {
                Ok(hashes) => hashes,
                Err(Trouble::Fault(fault)) => {
                    self.faults.push(fault);
                    Vec::new()
                }
                Err(Trouble::Error(error)) => return Err(error),
            };
        }
        let place = usize::try_from(index % WIDTH).unwrap_or(usize::MAX);
        let theirs = self.tile.get(place).copied();
        self.ours.push(leaf);
        self.theirs.push(theirs.unwrap_or(Hash([0; 32])));
        if theirs.is_some_and(|theirs| theirs != leaf) && self.differs.is_none() {
            self.differs = Some(seq);
        }
        if let Some(checkpoint) = self.checkpoints.get(&self.ours.size()) {
            let (ours, theirs) = (self.ours.root(), self.theirs.root());
            match self.differs {
                _ if ours == checkpoint.root && theirs == checkpoint.root => self.fits = seq,
                _ if ours == checkpoint.root => self.faults.push(Fault::Damaged {
                    file: self.place.file("tile"),
                }),
                Some(seq) if theirs == checkpoint.root => self.faults.push(Fault::Forked { seq }),
                _ => self.faults.push(Fault::ForkedWithin {
                    seq: self.fits + 1,
                    size: seq,
                }),
            }
            // What follows on it differs as well.
            self.ended = ours != checkpoint.root;
        }
        Ok(())
    }

    async fn read(&self, index: u64) -> Looked<Vec<Hash>> {
        self.place.tile(Tile::at(0, index / WIDTH, self.size)).await
    }

    /// How many checkpoints there are to be held against.
    pub fn checkpoints(&self) -> usize {
        self.checkpoints.len()
    }

    /// What was found, there being no more events.
    pub fn finish(mut self) -> Vec<Fault> {
        let there = self.ours.size();
        if !self.ended && there < self.size {
            self.faults.push(match self.differs {
                Some(seq) => Fault::Forked { seq },
                None => Fault::RolledBack {
                    seq: i64::try_from(there + 1).unwrap_or(i64::MAX),
                    anchored: i64::try_from(self.size).unwrap_or(i64::MAX),
                },
            });
        }
        self.faults
    }
}
