//! The files of a request: attached one by one, to wait for the text that they are sent with, or sent
//! together with it by one form. Their bytes are streamed into the object store, looked at, measured
//! and hashed before the step itself.

use super::request_step::RequestStep;
use crate::{
    Caller, Desk, Error, Result, Step,
    audit::Subject,
    entities::{
        support_files::{self, Column as C},
        support_requests,
    },
    files::{self, Received},
    input::input,
    policy::{self, SupportAct},
    support::store::Stored,
};
use bytes::Bytes;
use futures_util::Stream;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect, sea_query::Expr,
};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{
    form::FileKind,
    state::Side,
    support::{Action, ActionKind, RequestNumber},
};

input! {
    /// The form that attaches files; the files themselves are no texts.
    pub struct AddRequestFileInput for "add_request_file" OnDesk {
        keyed files: String = "Files" after "" up to 0;
    }
}

input! {
    /// Which file is not to be sent after all.
    pub struct RemoveRequestFileInput for "remove_request_file" OnDesk {
        hidden request: RequestNumber;
        hidden file: Uuid;
    }
}

/// The field of files in each form that sends some.
pub const FILES: &str = "files";

/// The most files of one request.
const MOST_FILES: u64 = 20;

/// The most bytes of all files that one person has attached to requests.
const MOST_BYTES: u64 = 1_000 * 1024 * 1024;

/// Files that arrived together with what somebody writes on a request.
pub type Files = [Received];

/// Takes in a file that is sent together with a text, before the step that both are of. `before` are
/// those of the same form. Nothing of a refused file is kept; what no step takes is thrown away by
/// [`discard_request_files`], and by the sweeper where even that did not happen.
///
/// # Errors
/// [`Error::Forbidden`] to those who write on no request; [`Error::Input`] as
/// [`add_request_file`].
pub async fn receive_request_file<S, E>(
    desk: &Desk,
    caller: &Caller,
    before: &Files,
    name: &str,
    bytes: S,
) -> Result<Received>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
{
    let subject = policy::Subject::new(&caller.roles, &BTreeSet::new());
    let snapshot = desk.policy.snapshot();
    if !snapshot.allows(&subject, ActionKind::Reply) {
        snapshot.require(&subject, SupportAct::Open)?;
    }
    let shown = files::clean_name(name);
    count_fits(before.len() as u64, &shown)?;
    let sizes: u64 = before.iter().map(|file| file.size).sum();
    bytes_fit(desk.database.read(), caller, &shown, sizes + 1).await?;
    let storage_key = format!("requests/{}", Uuid::now_v7());
    files::receive(desk, place(storage_key), name, bytes).await
}

/// Throws away what was received, as far as no step has taken it.
///
/// # Errors
/// When the database does not answer.
pub async fn discard_request_files(desk: &Desk, files: &Files) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let keys = files.iter().map(|file| file.storage_key.as_str());
    let taken: BTreeSet<String> = support_files::Entity::find()
        .select_only()
        .column(C::StorageKey)
        .filter(C::StorageKey.is_in(keys))
        .into_tuple()
        .all(desk.database.read())
        .await?
        .into_iter()
        .collect();
    for file in files {
        if !taken.contains(&file.storage_key) {
            files::discard(desk, &file.storage_key).await;
        }
    }
    Ok(())
}

const fn place<'a>(storage_key: String) -> files::Place<'a> {
    files::Place {
        field: FILES,
        accept: FileKind::Media,
        storage_key,
    }
}

/// Attaches a file, which waits for what its person writes next: until then nobody else sees it. `name`
/// is the file's name as the browser sends it, `bytes` its content as it arrives; nothing of a
/// refused file is kept. Whoever may write on the request may attach to it.
///
/// # Errors
/// See `RequestStep::begin_beside`; [`Error::Input`] for a file that is too large, empty, of a kind
/// that is not taken, or not what its name says.
pub async fn add_request_file<S, E>(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    name: &str,
    bytes: S,
) -> Result<()>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
{
    let stored = Stored::load(desk.database.read(), number, false).await?;
    let action = writes(&stored, caller);
    RequestStep::may(desk, &stored, caller, action.kind())?;
    let shown = files::clean_name(name);
    within_quota(desk.database.read(), stored.row.id, caller, &shown, 1).await?;
    let storage_key = format!("requests/{}/{}", stored.row.id, Uuid::now_v7());
    let received = files::receive(desk, place(storage_key), name, bytes).await?;
    let saying = desk.saying(&[FILES, name, &received.sha256]);
    let outcome = keep(&saying, caller, number, action, &received).await;
    if outcome.is_err() {
        files::discard(desk, &received.storage_key).await;
    }
    match outcome {
        // The same file of the same form is attached already.
        Err(Error::Before) => Ok(()),
        other => other,
    }
}

/// What somebody does who writes on the request: answers as its developer, or replies as ours.
fn writes(stored: &Stored, caller: &Caller) -> Action<'static> {
    if stored.request.opener == caller.person {
        Action::Answer
    } else {
        Action::Reply
    }
}

async fn keep(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    action: Action<'_>,
    received: &Received,
) -> Result<()> {
    let mut step = RequestStep::begin_beside(desk, caller, number, action.kind()).await?;
    step.permits(action)?;
    let side = match action {
        Action::Answer => Side::Developer,
        _ => Side::Us,
    };
    let file = std::slice::from_ref(received);
    attach(&mut step.step, &step.stored.row, caller, side, file, None).await?;
    step.step.commit().await
}

/// Takes out a file that has not been sent.
///
/// # Errors
/// See `RequestStep::begin_beside`; [`Error::NotFound`] where the person has no such file waiting.
pub async fn remove_request_file(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    file: Uuid,
) -> Result<()> {
    let stored = Stored::load(desk.database.read(), number, false).await?;
    let kind = writes(&stored, caller).kind();
    let step = RequestStep::begin_beside(desk, caller, number, kind).await?;
    let request = step.stored.row.id;
    let gone = support_files::Entity::delete_many()
        .filter(unsent(request, caller))
        .filter(C::Id.eq(file))
        .exec(step.transaction())
        .await?;
    if gone.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    let body = json!({ "number": number.0, "file": file });
    // Its bytes are named by no record any more: the sweeper takes them.
    step.commit_beside("request_file_removed", body).await
}

/// The files that a person has attached to a request and not sent.
pub(in crate::support) fn unsent(request: Uuid, caller: &Caller) -> Condition {
    Condition::all()
        .add(C::RequestId.eq(request))
        .add(C::AddedBy.eq(caller.person.0))
        .add(C::MessageId.is_null())
}

/// Sends what a person had attached with a message of theirs.
pub(super) async fn send(
    connection: &impl ConnectionTrait,
    request: Uuid,
    caller: &Caller,
    message: Uuid,
) -> Result<()> {
    support_files::Entity::update_many()
        .col_expr(C::MessageId, Expr::value(Some(message)))
        .filter(unsent(request, caller))
        .exec(connection)
        .await?;
    Ok(())
}

/// Attaches what was received to a request, each file with its event; to be sent with `message`, or to
/// wait for one.
///
/// # Errors
/// [`Error::Input`] where they are too many, or too large together.
pub(super) async fn attach(
    step: &mut Step<'_>,
    request: &support_requests::Model,
    caller: &Caller,
    side: Side,
    files: &Files,
    message: Option<Uuid>,
) -> Result<()> {
    for file in files {
        let Received {
            name,
            mime,
            size,
            sha256,
            storage_key,
        } = file;
        within_quota(step.transaction(), request.id, caller, name, *size).await?;
        let row = support_files::Model {
            id: Uuid::now_v7(),
            request_id: request.id,
            name: name.clone(),
            mime: (*mime).to_owned(),
            size: i64::try_from(*size).map_err(Error::unavailable)?,
            sha256: sha256.clone(),
            storage_key: storage_key.clone(),
            added_by: caller.person.0,
            side: side.word().to_owned(),
            added_at: step.now.micros(),
            message_id: message,
        };
        let body =
            json!({ "number": request.number, "file": row.id, "size": size, "sha256": sha256 });
        support_files::Entity::insert(support_files::ActiveModel::from(row).reset_all())
            .exec_without_returning(step.transaction())
            .await?;
        let subject = Subject::Request(request.id);
        step.append(subject, "request_file_added", body, String::new());
    }
    Ok(())
}

/// Whether `more` bytes fit beside what the request and the person have in the store.
async fn within_quota(
    connection: &impl ConnectionTrait,
    request: Uuid,
    caller: &Caller,
    name: &str,
    more: u64,
) -> Result<()> {
    let count = support_files::Entity::find()
        .filter(C::RequestId.eq(request))
        .count(connection)
        .await?;
    count_fits(count, name)?;
    bytes_fit(connection, caller, name, more).await
}

fn count_fits(count: u64, name: &str) -> Result<()> {
    if count < MOST_FILES {
        return Ok(());
    }
    let text = format!("{name}: a request has at most {MOST_FILES} files.");
    Err(Error::field(FILES, text))
}

async fn bytes_fit(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    name: &str,
    more: u64,
) -> Result<()> {
    let bytes: Option<i64> = support_files::Entity::find()
        .select_only()
        .expr(Expr::cust("CAST(COALESCE(SUM(size), 0) AS BIGINT)"))
        .filter(C::AddedBy.eq(caller.person.0))
        .into_tuple()
        .one(connection)
        .await?;
    let bytes = u64::try_from(bytes.unwrap_or(0)).map_err(Error::unavailable)?;
    if bytes + more > MOST_BYTES {
        let text = format!(
            "{name}: all files that you attached to requests may have {} together.",
            workflow::limits::megabytes(MOST_BYTES)
        );
        return Err(Error::field(FILES, text));
    }
    Ok(())
}
