//! One uploaded file, for those who may read its case.

use crate::{
    Caller, Desk, Error, Result,
    cases::sight::{self, Part},
    entities::{attachments, cases, discarded_files},
    files::content_disposition,
    store::submission,
};
use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, path::Path};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::ops::Range;
use workflow::{AttachmentId, CaseNumber};

/// A file on its way to its reader.
pub struct Download {
    /// By the file's content; to be sent together with `X-Content-Type-Options: nosniff`.
    pub mime: String,
    /// The value of `Content-Disposition`: saved, never shown by the browser itself.
    pub disposition: String,
    /// In bytes.
    pub size: u64,
    pub sha256: String,
    pub bytes: BoxStream<'static, Result<Bytes, object_store::Error>>,
    pub(crate) storage_key: String,
}

impl Download {
    /// The same file, of which only these bytes are sent.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the store does not answer.
    pub async fn part(self, desk: &Desk, part: Range<u64>) -> Result<Self> {
        let options = GetOptions {
            range: Some(GetRange::Bounded(part)),
            ..GetOptions::default()
        };
        let path = Path::from(self.storage_key.as_str());
        let object = desk.storage.get_opts(&path, options).await;
        Ok(Self {
            bytes: object.map_err(Error::unavailable)?.into_stream().boxed(),
            ..self
        })
    }
}

/// Opens a file. What was taken out again is not served to anybody.
///
/// # Errors
/// [`Error::NotFound`] to those who may not read the case; [`Error::Unavailable`] when the store
/// does not answer.
pub async fn attachment(desk: &Desk, caller: &Caller, id: AttachmentId) -> Result<Download> {
    let connection = desk.database.read();
    let row = attachments::Entity::find_by_id(id.0)
        .filter(attachments::Column::RemovedAt.is_null())
        .one(connection)
        .await?
        .ok_or(Error::NotFound)?;
    let number: Option<i32> = cases::Entity::find_by_id(row.case_id)
        .select_only()
        .column(cases::Column::Number)
        .into_tuple()
        .one(connection)
        .await?;
    let number = number
        .and_then(|number| u32::try_from(number).ok())
        .ok_or(Error::NotFound)?;
    // What is not part of anything handed in yet is still being gathered.
    let part = if submission::handed_in(connection, row.case_id)
        .await?
        .contains(&id)
    {
        Part::Outside
    } else {
        Part::Draft
    };
    sight::read(desk, connection, caller, CaseNumber(number), part).await?;
    let path = Path::from(row.storage_key.as_str());
    let object = match desk.storage.get(&path).await {
        Ok(object) => object,
        // Never handed in, and thrown away by the sweeper.
        Err(object_store::Error::NotFound { .. })
            if discarded_files::Entity::find_by_id(row.storage_key.as_str())
                .one(connection)
                .await?
                .is_some() =>
        {
            return Err(Error::NotFound);
        }
        Err(error) => return Err(Error::unavailable(error)),
    };
    let size = row.bytes()?;
    Ok(Download {
        disposition: content_disposition(&row.name),
        mime: row.mime,
        size,
        sha256: row.sha256,
        bytes: object.into_stream().boxed(),
        storage_key: row.storage_key,
    })
}
