//! Attach a file: its bytes are streamed into the object store, looked at, measured and hashed
//! before the step itself.

use super::{CaseCommand, Done, Envelope, Work, allowed, run, submit::form_of};
use crate::{
    Caller, Desk, Error, Result,
    entities::{attachments, discarded_files},
    files::{self, Received},
    input::input,
    store::submission,
};
use async_trait::async_trait;
use bytes::Bytes;
use futures_util::Stream;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, Query},
};
use uuid::Uuid;
use workflow::{
    Action, ActionKind, AttachmentId, Case, FilesOf,
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

/// The most bytes of one application's files together …
const MOST_BYTES_OF_CASE: u64 = 200 * MB;
/// … and of all files that one person has added. What was removed counts until its bytes are
/// really gone ([`crate::sweep`]): else who adds and removes could fill the disk.
const MOST_BYTES_OF_PERSON: u64 = 2_000 * MB;
const MB: u64 = 1024 * 1024;

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
        if submission::files(work.transaction(), case).await?.len() >= MOST_FILES {
            return Err(Error::field(
                self.field,
                format!("{name}: an application has at most {MOST_FILES} files; remove one first."),
            ));
        }
        let person = work.person()?.person.0;
        within_quota(work.transaction(), self.field, name, case, person, *size).await?;
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
            added_by: person,
            removed_at: None,
        };
        attachments::Entity::insert(attachments::ActiveModel::from(row).reset_all())
            .exec_without_returning(work.transaction())
            .await?;
        Ok(Action::AddAttachment {
            attachment: self.id,
            field: self.field.to_owned(),
            size: *size,
            sha256: sha256.clone(),
        })
    }
}

/// Attaches a file to a question of the form, or to what is written about a question or finding of
/// ours ([`FilesOf`]). `name` is the file's name as the browser sends it,
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
    // Before the bytes are received, and again with their number when they are.
    let database = desk.database.read();
    let shown = files::clean_name(name);
    within_quota(
        database,
        field,
        &shown,
        stored.case.id.0,
        caller.person.0,
        1,
    )
    .await?;
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
    let saying = desk.saying(&[field, name, &received.sha256]);
    let outcome = run(&saying, Some(caller), envelope, &command).await;
    if !matches!(outcome, Ok(Done::Now(_))) {
        files::discard(desk, &received.storage_key).await;
    }
    outcome
}

/// Whether `more` bytes fit beside what the application and the person have in the store.
///
/// # Errors
/// [`Error::Input`] on the field.
async fn within_quota(
    connection: &impl ConnectionTrait,
    field: &str,
    name: &str,
    case: Uuid,
    person: Uuid,
    more: u64,
) -> Result<()> {
    use attachments::Column as C;
    for (whose, most, of) in [
        (
            C::CaseId.eq(case),
            MOST_BYTES_OF_CASE,
            "an application's files",
        ),
        (
            C::AddedBy.eq(person),
            MOST_BYTES_OF_PERSON,
            "all files that you added",
        ),
    ] {
        let gone = Query::select()
            .column(discarded_files::Column::StorageKey)
            .from(discarded_files::Entity)
            .to_owned();
        let stored: Option<i64> = attachments::Entity::find()
            .select_only()
            .expr(Expr::cust("CAST(COALESCE(SUM(size), 0) AS BIGINT)"))
            .filter(whose)
            .filter(C::StorageKey.not_in_subquery(gone))
            .into_tuple()
            .one(connection)
            .await?;
        let stored = u64::try_from(stored.unwrap_or(0)).map_err(Error::unavailable)?;
        if stored + more > most {
            return Err(Error::field(
                field,
                format!(
                    "{name}: {of} may have {} MB together, and {} MB are stored. Removed files count for some days; try again later, or add a smaller file.",
                    most / MB,
                    stored.div_ceil(MB)
                ),
            ));
        }
    }
    Ok(())
}

/// What the field takes.
fn accepted(form: &Form, case: &Case, key: &str) -> Result<FileKind> {
    let of = FilesOf::read(key);
    if of.is_asked(case) {
        return Ok(FileKind::Media);
    }
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
