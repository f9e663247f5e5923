//! Attach a file: its bytes are streamed into the object store, looked at, measured and hashed
//! before the step itself.

use super::{CaseCommand, Done, Envelope, Work, allowed, run, submit::form_of};
use crate::{
    Caller, Desk, Error, Result,
    entities::attachments,
    files::{self, Received},
    input::input,
    store::submission,
};
use async_trait::async_trait;
use bytes::Bytes;
use futures_util::Stream;
use sea_orm::{ActiveModelTrait, EntityTrait};
use uuid::Uuid;
use workflow::{
    Action, ActionKind, AttachmentId, Case,
    form::{FieldKind, FileKind, Form},
};

input! {
    /// The form that attaches files to one field; the files themselves are no texts.
    pub struct AddAttachmentInput for "add_attachment" OnDesk {
        keyed files: String = "Files" after "" up to 0;
    }
}

/// The most files of one application.
const MOST_FILES: usize = workflow::limits::FILES_PER_CASE;

struct AddAttachment<'a> {
    id: AttachmentId,
    field: &'a str,
    received: &'a Received,
}

#[async_trait]
impl CaseCommand for AddAttachment<'_> {
    fn kind(&self) -> ActionKind {
        ActionKind::AddAttachment
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        let Received {
            name,
            mime,
            size,
            sha256,
            storage_key,
        } = self.received;
        let case = work.case().id.0;
        if submission::files(work.transaction, case).await?.len() >= MOST_FILES {
            return Err(Error::field(
                self.field,
                format!("{name}: an application has at most {MOST_FILES} files; remove one first."),
            ));
        }
        let row = attachments::Model {
            id: self.id.0,
            case_id: case,
            field: self.field.to_owned(),
            name: name.clone(),
            mime: (*mime).to_owned(),
            size: i64::try_from(*size).map_err(Error::unavailable)?,
            sha256: sha256.clone(),
            storage_key: storage_key.clone(),
            added_at: work.now.micros(),
            added_by: work.person()?.person.0,
            removed_at: None,
        };
        attachments::Entity::insert(attachments::ActiveModel::from(row).reset_all())
            .exec_without_returning(work.transaction)
            .await?;
        Ok(Action::AddAttachment {
            attachment: self.id,
            field: self.field.to_owned(),
            name: name.clone(),
            size: *size,
            sha256: sha256.clone(),
        })
    }
}

/// Attaches a file to a field of the form. `name` is the file's name as the browser sends it,
/// `bytes` its content as it arrives; nothing of a refused file is kept.
///
/// # Errors
/// See [`run`]; [`Error::Input`] on the field for a file that is too large, empty, of a kind that
/// the field does not take, or not what its name says.
pub async fn add_attachment<S, E>(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    field: &str,
    name: &str,
    bytes: S,
) -> Result<Done>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
{
    let stored = allowed(desk, caller, envelope.case, ActionKind::AddAttachment).await?;
    let known = desk.reference.known();
    let accept = accepted(form_of(&known, &stored.case)?, &stored.case, field)?;
    let id = AttachmentId(Uuid::now_v7());
    let storage_key = format!("cases/{}/{id}", stored.case.id);
    let place = files::Place {
        field,
        accept,
        storage_key,
    };
    let received = files::receive(desk, place, name, bytes).await?;
    let command = AddAttachment {
        id,
        field,
        received: &received,
    };
    let outcome = run(desk, Some(caller), envelope, &command).await;
    if !matches!(outcome, Ok(Done::Now(_))) {
        files::discard(desk, &received.storage_key).await;
    }
    outcome
}

/// What the field takes.
fn accepted(form: &Form, case: &Case, key: &str) -> Result<FileKind> {
    let field = form
        .sections(case.level)
        .flat_map(|section| section.fields)
        .find(|field| field.key == key)
        .ok_or(Error::NotFound)?;
    match field.kind {
        FieldKind::Files { accept } => Ok(accept),
        _ => Err(Error::NotFound),
    }
}
