//! One file of a request, for those who may read it.

use crate::{
    Caller, Desk, Error, Result,
    entities::{support_files, support_requests},
    files::content_disposition,
    policy::SupportAct,
    queries::Download,
    rows::number,
    support::store::Stored,
};
use futures_util::StreamExt;
use object_store::{ObjectStoreExt, path::Path};
use sea_orm::EntityTrait;
use uuid::Uuid;

/// Opens a file.
///
/// # Errors
/// [`Error::NotFound`] to those who may not read the request, and while the file is not sent to
/// everybody but who attached it; [`Error::Unavailable`] when the store
/// does not answer.
pub async fn request_file(desk: &Desk, caller: &Caller, id: Uuid) -> Result<Download> {
    let database = desk.database.read();
    let row = support_files::Entity::find_by_id(id)
        .one(database)
        .await?
        .ok_or(Error::NotFound)?;
    if row.message_id.is_none() && row.added_by != caller.person.0 {
        return Err(Error::NotFound);
    }
    let request = support_requests::Entity::find_by_id(row.request_id)
        .one(database)
        .await?
        .ok_or(Error::NotFound)?;
    let stored = Stored::of(database, request).await?;
    let policy = desk.policy.snapshot();
    let subject = stored.subject_of(caller);
    let reads = |act: SupportAct| policy.allows(&subject, act);
    if !reads(SupportAct::Read) && !reads(SupportAct::ReadInternal) {
        return Err(Error::NotFound);
    }
    let object = desk
        .storage
        .get(&Path::from(row.storage_key.as_str()))
        .await
        .map_err(Error::unavailable)?;
    Ok(Download {
        disposition: content_disposition(&row.name),
        size: number(row.size, "support_files", row.id, "size")?,
        mime: row.mime,
        sha256: row.sha256,
        bytes: object.into_stream().boxed(),
        storage_key: row.storage_key,
    })
}
