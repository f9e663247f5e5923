//! Files against their rows. They are read after the rows, one after another, when nothing of the
//! database is held any more.

use crate::{Result, database::Database, entities::discarded_files};
use futures_util::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt, path::Path};
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};
use sha2::{Digest, Sha256};
use trail::{Fault, Wrong};
use uuid::Uuid;

/// What a file should be.
#[derive(Clone, Debug)]
pub(super) struct File {
    /// The event that says so.
    pub seq: i64,
    pub id: Uuid,
    pub storage_key: String,
    pub size: i64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
    /// Never handed in, and removed from a draft or of an application that has ended: the sweeper throws it away some day.
    pub may_go: bool,
}

/// Whether the sweeper has thrown a file away.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn is_discarded(connection: &impl ConnectionTrait, file: &File) -> Result<bool> {
    let found: Option<String> = discarded_files::Entity::find_by_id(file.storage_key.as_str())
        .select_only()
        .column(discarded_files::Column::StorageKey)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(found.is_some())
}

/// Reads a file; answers what is wrong with it, or none for one that was thrown away since its row
/// was read.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn check(
    database: &Database,
    store: &dyn ObjectStore,
    file: &File,
) -> Result<Option<Fault>> {
    let wrong = match read(store, file).await {
        Ok(None) => return Ok(None),
        Ok(Some(Wrong::NoBytes)) if file.may_go && is_discarded(database.read(), file).await? => {
            return Ok(None);
        }
        Ok(Some(wrong)) => wrong,
        Err(error) => {
            tracing::warn!(%error, file = %file.id, "a file cannot be read");
            Wrong::UnreadableFile
        }
    };
    Ok(Some(Fault::Record {
        seq: file.seq,
        record: format!("attachment {}", file.id),
        wrong,
    }))
}

/// Reads a file, a piece at a time.
async fn read(store: &dyn ObjectStore, file: &File) -> object_store::Result<Option<Wrong>> {
    let found = match store.get(&Path::from(file.storage_key.as_str())).await {
        Ok(found) => found,
        Err(object_store::Error::NotFound { .. }) => return Ok(Some(Wrong::NoBytes)),
        Err(error) => return Err(error),
    };
    let mut pieces = found.into_stream();
    let mut hasher = Sha256::new();
    let mut size: u64 = 0;
    while let Some(piece) = pieces.try_next().await? {
        size += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        hasher.update(&piece);
    }
    let same =
        hex::encode(hasher.finalize()) == file.sha256 && i64::try_from(size) == Ok(file.size);
    Ok((!same).then_some(Wrong::Bytes))
}
