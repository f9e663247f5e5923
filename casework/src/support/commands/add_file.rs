//! Attach a file to a request: its bytes are streamed into the object store, looked at, measured and
//! hashed before the step itself.

use super::request_step::RequestStep;
use crate::{
    Caller, Desk, Error, Result,
    entities::support_files::{self, Column as C},
    files::{self, Received},
    input::input,
    support::store::Stored,
};
use bytes::Bytes;
use futures_util::Stream;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect, sea_query::Expr,
};
use serde_json::json;
use uuid::Uuid;
use workflow::{
    form::FileKind,
    state::Side,
    support::{Action, RequestNumber},
};

input! {
    /// The form that attaches files; the files themselves are no texts.
    pub struct AddRequestFileInput for "add_request_file" OnDesk {
        keyed files: String = "Files" after "" up to 0;
    }
}

/// The field of the form.
pub const FILES: &str = "files";

/// The most files of one request.
const MOST_FILES: u64 = 20;

/// The most bytes of all files that one person has attached to requests.
const MOST_BYTES: u64 = 1_000 * 1024 * 1024;

/// Attaches a file. `name` is the file's name as the browser sends it, `bytes` its content as it
/// arrives; nothing of a refused file is kept. Whoever may write on the request may attach to it.
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
    within_quota(desk.database.read(), &stored, caller, &shown, 1).await?;
    let id = Uuid::now_v7();
    let place = files::Place {
        field: FILES,
        accept: FileKind::Media,
        storage_key: format!("requests/{}/{id}", stored.row.id),
    };
    let received = files::receive(desk, place, name, bytes).await?;
    let saying = desk.saying(&[FILES, name, &received.sha256]);
    let outcome = keep(&saying, caller, number, action, id, &received).await;
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
    id: Uuid,
    received: &Received,
) -> Result<()> {
    let step = RequestStep::begin_beside(desk, caller, number, action.kind()).await?;
    step.permits(action)?;
    let Received {
        name,
        mime,
        size,
        sha256,
        storage_key,
    } = received;
    within_quota(step.transaction(), &step.stored, caller, name, *size).await?;
    let side = match action {
        Action::Answer => Side::Developer,
        _ => Side::Us,
    };
    let row = support_files::Model {
        id,
        request_id: step.stored.row.id,
        name: name.clone(),
        mime: (*mime).to_owned(),
        size: i64::try_from(*size).map_err(Error::unavailable)?,
        sha256: sha256.clone(),
        storage_key: storage_key.clone(),
        added_by: caller.person.0,
        side: side.word().to_owned(),
        added_at: step.now.micros(),
    };
    support_files::Entity::insert(support_files::ActiveModel::from(row).reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    let body = json!({ "number": number.0, "file": id, "size": size, "sha256": sha256 });
    step.commit_beside("request_file_added", body).await
}

/// Whether `more` bytes fit beside what the request and the person have in the store.
async fn within_quota(
    connection: &impl ConnectionTrait,
    stored: &Stored,
    caller: &Caller,
    name: &str,
    more: u64,
) -> Result<()> {
    let count = support_files::Entity::find()
        .filter(C::RequestId.eq(stored.row.id))
        .count(connection)
        .await?;
    if count >= MOST_FILES {
        let text = format!("{name}: a request has at most {MOST_FILES} files.");
        return Err(Error::field(FILES, text));
    }
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
