//! The log: the audit trail as somebody can verify it who trusts nobody. The hashes of events are
//! the leaves of a Merkle tree; its root is signed from time to time with a key that lies outside
//! of the database, published as files that other programs read (c2sp.org/tlog-tiles), and copied
//! to a second place. What the database says later is held against it.

mod against;
mod check;
mod guards;
mod keys;
mod look;
mod mailing;
mod place;
mod publish;
mod receipts;
mod seal;
mod witness;

pub(crate) use against::Against;
pub use check::{Shown, check, public_keys};
pub use keys::{KeyFile, Keys};
pub use look::{look, tick};
pub use mailing::mail_checkpoint;
pub use place::Place;
pub use publish::publish;
pub(crate) use receipts::Proofs;
pub use receipts::{Receivable, receipt, receivable};
pub(crate) use seal::Seal;
pub use witness::Witness;

use crate::Error;
use object_store::{ObjectStore, memory::InMemory};
use sea_orm::DbErr;
use std::sync::Arc;
use trail::{Fault, note::Signer};

/// Where the log of a desk lies, and with which keys it is signed.
#[derive(Clone, Debug)]
pub struct Log {
    pub keys: Keys,
    /// Where it is published.
    pub published: Place,
    /// Where else it is copied to: out of reach of who holds the database, if it is to help.
    pub second: Option<Place>,
    /// Who cosigns its checkpoints.
    pub witnesses: Vec<Witness>,
}

impl Log {
    /// A log that ends with the process, signed with a key that nobody else has.
    ///
    /// # Errors
    /// When no key can be made.
    pub fn passing() -> crate::Result<Self> {
        let signer = Signer::from_seed("passing.example/audit", keys::seed()?);
        let signer = signer.map_err(Error::unavailable)?;
        Ok(Self {
            keys: Keys::Given(Arc::new(vec![signer])),
            published: Place::new("the published log", Arc::new(InMemory::new())),
            second: None,
            witnesses: Vec::new(),
        })
    }

    /// In a store, with a copy in another.
    pub fn new(
        keys: Keys,
        published: Arc<dyn ObjectStore>,
        second: Option<Arc<dyn ObjectStore>>,
    ) -> Self {
        Self {
            keys,
            published: Place::new("the published log", published),
            second: second.map(|store| Place::new("the second place", store)),
            witnesses: Vec::new(),
        }
    }

    /// Every place where it lies.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        std::iter::once(&self.published).chain(&self.second)
    }
}

/// Why something of the log could not be done.
#[derive(Debug)]
pub enum Trouble {
    /// Somebody altered the trail or the log.
    Fault(Fault),
    /// Something does not answer.
    Error(Error),
}

/// What a look at the log answers.
pub type Looked<T> = Result<T, Trouble>;

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<DbErr> for Trouble {
    fn from(error: DbErr) -> Self {
        Self::Error(error.into())
    }
}

impl Trouble {
    /// As an error of this crate: a fault is one that the desk does not go on with.
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Fault(_) => Error::Sealed,
            Self::Error(error) => error,
        }
    }
}
