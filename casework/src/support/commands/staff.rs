//! Our side's steps on a request: reply, solve, note, link a case.

use super::{Files, LONGEST_MESSAGE, Seen, message, request_step::RequestStep};
use crate::{
    Caller, Desk, Error, Result,
    entities::{cases, support_links},
    input::input,
    relations::{AppPeople, conflicted_apps},
    support::letters,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Set, sea_query::OnConflict,
};
use serde_json::json;
use uuid::Uuid;
use workflow::{
    CaseNumber, PersonId,
    support::{Action, ActionKind, RequestNumber},
};

input! {
    /// What we write to the developer; whether that solves it, or a canned text is only put behind
    /// what was typed, is said by the button.
    pub struct ReplyRequestInput for "reply_to_request" OnDesk {
        hidden request: RequestNumber;
        hidden version: u64;
        typed canned: Option<Uuid> = "Canned text";
        typed put_in: bool = "Put in";
        typed text: String = "Reply" up to LONGEST_MESSAGE;
        typed files: String = "Files" up to 0;
        typed solved: bool = "Solved";
    }
}

input! {
    /// What only our side reads.
    pub struct NoteRequestInput for "note_on_request" OnDesk {
        hidden request: RequestNumber;
        typed text: String = "Note" up to LONGEST_MESSAGE;
    }
}

input! {
    /// A case that it has to do with.
    pub struct LinkRequestInput for "link_request" OnDesk {
        hidden request: RequestNumber;
        typed case: String = "Case" up to 20;
    }
}

input! {
    /// A case that it has nothing to do with after all.
    pub struct UnlinkRequestInput for "unlink_request" OnDesk {
        hidden request: RequestNumber;
        hidden case: CaseNumber;
    }
}

/// Replies to the developer, whose turn it is then; or solves the request with the reply. `files`
/// were sent with it.
///
/// # Errors
/// See `RequestStep::begin`; [`Error::Input`] on `text` and `files`; [`Error::Refused`].
pub async fn reply_to_request(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    text: &str,
    files: &Files,
    solved: bool,
    seen: Seen,
) -> Result<()> {
    let (action, name) = if solved {
        (Action::Solve, "request_solved")
    } else {
        (Action::Reply, "request_replied")
    };
    let kind = action.kind();
    let mut step = RequestStep::begin(desk, caller, number, kind, Some(seen)).await?;
    step.decide(action)?;
    let said = step.say(kind, "Reply", text, files).await?;
    letters::replied(&step, &step.stored, kind, &said).await?;
    step.commit(name, json!({})).await
}

/// Notes what only our side reads. Neither the developer nor a letter tells of it.
///
/// # Errors
/// See `RequestStep::begin`; [`Error::Input`] on `text`.
pub async fn note_on_request(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    text: &str,
) -> Result<()> {
    let step = RequestStep::begin(desk, caller, number, ActionKind::Note, None).await?;
    step.note(&message("Note", text)?).await?;
    let body = json!({ "number": number.0 });
    step.commit_beside("request_noted", body).await
}

/// Links a case that the request has to do with.
///
/// # Errors
/// See `RequestStep::begin`; [`Error::Input`] on `case` for one that the person may not read.
pub async fn link_request(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    typed: &str,
) -> Result<()> {
    let step = RequestStep::begin(desk, caller, number, ActionKind::Link, None).await?;
    let none = || {
        Error::field(
            "case",
            "Case: write the number of an application that was handed in, such as UD-1042.",
        )
    };
    let case: CaseNumber = typed.trim().parse().map_err(|_| none())?;
    let found = match i32::try_from(case.0) {
        Ok(number) => {
            // What has not been handed in is its developers' alone.
            cases::Entity::find()
                .filter(cases::Column::Number.eq(number))
                .filter(cases::Column::SubmittedAt.is_not_null())
                .filter(cases::Column::AppId.not_in_subquery(conflicted_apps(caller.person)))
                .one(step.transaction())
                .await?
        }
        Err(_) => None,
    };
    let found = found.ok_or_else(none)?;
    // Whoever reviews the case reads the request's subject there.
    let of_case = AppPeople::of(step.transaction(), found.app_id).await?;
    if of_case
        .member(PersonId(step.stored.row.opener_id))
        .is_none()
    {
        let text = format!(
            "Case: {case} is not of an app of whoever asks; link an application of theirs."
        );
        return Err(Error::field("case", text));
    }
    step.permits(Action::Link)?;
    support_links::Entity::insert(support_links::ActiveModel {
        request_id: Set(step.stored.row.id),
        case_id: Set(found.id),
        linked_by: Set(caller.person.0),
        linked_at: Set(step.now.micros()),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(step.transaction())
    .await?;
    let body = json!({ "number": number.0, "case": case.0 });
    step.commit_beside("request_linked", body).await
}

/// Takes the link to a case away.
///
/// # Errors
/// See `RequestStep::begin`; [`Error::NotFound`] where the request is not linked with such a case.
pub async fn unlink_request(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    case: CaseNumber,
) -> Result<()> {
    let step = RequestStep::begin(desk, caller, number, ActionKind::Link, None).await?;
    let found = i32::try_from(case.0).map_err(|_| Error::NotFound)?;
    let of_number = cases::Entity::find()
        .select_only()
        .column(cases::Column::Id)
        .filter(cases::Column::Number.eq(found))
        .into_query();
    let gone = support_links::Entity::delete_many()
        .filter(support_links::Column::RequestId.eq(step.stored.row.id))
        .filter(support_links::Column::CaseId.in_subquery(of_number))
        .exec(step.transaction())
        .await?;
    if gone.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    let body = json!({ "number": number.0, "case": case.0 });
    step.commit_beside("request_unlinked", body).await
}
