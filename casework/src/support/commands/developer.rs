//! The developer's steps on a request.

use super::{Files, LONGEST_MESSAGE, request_step::RequestStep};
use crate::{Caller, Desk, Error, Result, input::input, support::letters, typed::limited};
use serde_json::json;
use workflow::support::{Action, ActionKind, MOST_STARS, RequestNumber};

input! {
    /// What the developer writes on a request.
    pub struct AnswerRequestInput for "answer_request" OnDesk {
        hidden request: RequestNumber;
        typed text: String = "Your answer" up to LONGEST_MESSAGE;
        typed files: String = "Files" up to 0;
    }
}

input! {
    /// Why it is not solved.
    pub struct ReopenRequestInput for "reopen_request" OnDesk {
        hidden request: RequestNumber;
        typed text: String = "What is still open" up to LONGEST_MESSAGE;
        typed files: String = "Files" up to 0;
    }
}

input! {
    /// Nothing more is needed.
    pub struct CloseRequestInput for "close_request" OnDesk {
        hidden request: RequestNumber;
        hidden version: u64;
    }
}

input! {
    /// How well it was answered.
    pub struct RateRequestInput for "rate_request" OnDesk {
        hidden request: RequestNumber;
        typed stars: Option<u32> = "How well were you helped?";
        typed comment: String = "What could we do better?" up to 1_000;
    }
}

/// Writes on a request, with the files that were sent with it: it is our turn then.
///
/// # Errors
/// See `RequestStep::begin`; [`Error::Input`] on `text` and `files`; [`Error::Refused`].
pub async fn answer_request(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    text: &str,
    files: &Files,
) -> Result<()> {
    write(desk, caller, number, Action::Answer, text, files).await
}

/// Reopens a request that is not solved after all, with the files that were sent with it.
///
/// # Errors
/// As [`answer_request`]; [`Error::Refused`] after 14 days.
pub async fn reopen_request(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    text: &str,
    files: &Files,
) -> Result<()> {
    write(desk, caller, number, Action::Reopen, text, files).await
}

async fn write(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    action: Action<'_>,
    text: &str,
    files: &Files,
) -> Result<()> {
    let kind = action.kind();
    let mut step = RequestStep::begin(desk, caller, number, kind, None).await?;
    let label = match kind {
        ActionKind::Reopen => "What is still open",
        _ => "Your answer",
    };
    step.decide(action)?;
    let said = step.say(kind, label, text, files).await?;
    letters::answered(&step, &step.stored, &said).await?;
    let name = match kind {
        ActionKind::Reopen => "request_reopened",
        _ => "request_answered",
    };
    step.commit(name, json!({})).await
}

/// Closes a request for which nothing more is needed.
///
/// # Errors
/// See `RequestStep::begin`; [`Error::Refused`].
pub async fn close_request(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    seen: super::Seen,
) -> Result<()> {
    let kind = ActionKind::Close;
    let mut step = RequestStep::begin(desk, caller, number, kind, Some(seen)).await?;
    step.decide(Action::Close)?;
    step.commit("request_closed", json!({})).await
}

/// Says how well a request was answered.
///
/// # Errors
/// See `RequestStep::begin`; [`Error::Input`]; [`Error::Refused`].
pub async fn rate_request(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    stars: Option<u32>,
    comment: &str,
) -> Result<()> {
    let kind = ActionKind::Rate;
    let mut step = RequestStep::begin(desk, caller, number, kind, None).await?;
    let comment = limited("comment", "What could we do better?", comment, 1_000)?;
    let stars = stars
        .and_then(|stars| u8::try_from(stars).ok())
        .filter(|stars| (1..=MOST_STARS).contains(stars))
        .ok_or_else(|| Error::field("stars", "How well were you helped? Choose from 1 to 5."))?;
    step.decide(Action::Rate(stars))?;
    step.stored.row.rating = (!comment.is_empty()).then_some(comment);
    step.commit("request_rated", json!({ "stars": stars }))
        .await
}
