//! The seal: what keeps a desk from writing.

use std::sync::{PoisonError, RwLock};
use trail::Fault;

/// What was found wrong with the trail; nothing is written while there is any.
#[derive(Debug, Default)]
pub(crate) struct Seal(RwLock<Vec<Fault>>);

impl Seal {
    /// In place of all that was known.
    pub fn set(&self, faults: Vec<Fault>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    /// Whether anything stands in the way of writing.
    pub fn is_set(&self) -> bool {
        !self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }

    /// What was found.
    pub fn reasons(&self) -> Vec<Fault> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
