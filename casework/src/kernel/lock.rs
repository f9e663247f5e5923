//! Locks that outlive a row: held until the transaction ends.

use crate::Result;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};

/// What only one transaction at a time may do, across all instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lock {
    /// Give out the next case number.
    CaseNumber,
    /// Give out the next number of a support request.
    RequestNumber,
    /// Give an entry of the gallery its address.
    GallerySlug,
    /// Give an article its title: no two that everybody reads have the same.
    ArticleTitle,
    /// Publish reference data.
    Publish,
    /// Give out a username or an address: who looks whether it is free is alone until it is given.
    Identity,
    /// Take up a page to be read: one at a time.
    Reading,
    /// Publish the log.
    Log,
}

/// Waits for the lock. On SQLite the transaction already excludes all other writers.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn take(transaction: &DatabaseTransaction, lock: Lock) -> Result<()> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        let key = match lock {
            Lock::CaseNumber => 7_001,
            Lock::RequestNumber => 7_012,
            Lock::GallerySlug => 7_015,
            Lock::ArticleTitle => 7_071,
            Lock::Publish => 7_002,
            Lock::Identity => 7_003,
            Lock::Reading => 7_013,
            Lock::Log => 7_037,
        };
        transaction
            .execute_unprepared(&format!("SELECT pg_advisory_xact_lock({key})"))
            .await?;
    }
    Ok(())
}
