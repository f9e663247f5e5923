//! A request that goes on elsewhere, and says where.

use super::{Seen, request_step::RequestStep};
use crate::{
    Caller, Desk, Error, Result,
    audit::Subject,
    entities::support_files::{self, Column as F},
    input::input,
    support::{letters, store},
    text::{Limits, line},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;
use workflow::support::{Action, ActionKind, RequestNumber, take_in};

input! {
    /// Another request of the same person, in which it goes on.
    pub struct MergeRequestInput for "merge_request" OnDesk {
        hidden request: RequestNumber;
        hidden version: u64;
        typed into: String = "Goes on in" up to 20;
    }
}

input! {
    /// Another place in which it goes on.
    pub struct MoveRequestInput for "move_request" OnDesk {
        hidden request: RequestNumber;
        hidden version: u64;
        typed place: String = "Where it goes on" up to 200;
    }
}

/// Merges a duplicate into another open request of the same developer. What was written stays where
/// it was written, and each leads to the other.
///
/// # Errors
/// See `RequestStep::begin`; [`Error::Input`] on `into`; [`Error::Refused`].
pub async fn merge_request(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    into: &str,
    seen: Seen,
) -> Result<()> {
    let kind = ActionKind::Merge;
    let none = || {
        Error::field(
            "into",
            "Goes on in: write the number of a request, such as SR-1042.",
        )
    };
    let Ok(into) = into.trim().parse() else {
        // What one may not know of comes first.
        RequestStep::begin(desk, caller, number, kind, Some(seen)).await?;
        return Err(none());
    };
    let (mut step, other) = RequestStep::begin_both(desk, caller, number, into, kind, seen).await?;
    let other = other.ok_or_else(none)?;
    step.policy
        .require(&other.subject_of(caller), kind)
        .map_err(|_| none())?;
    let (merged, now) = (step.stored.request.clone(), step.now);
    step.decide(Action::Merge(&other.request))?;
    step.stored.row.merged_into = Some(other.row.number);
    let taken_in = take_in(&other.request, &merged, now, &step.known.calendar);
    if taken_in != other.request {
        let row = store::project(&other.row, &taken_in, now);
        store::write(step.transaction(), &row).await?;
        let body = json!({ "number": row.number, "state": row.state, "merged": number.0 });
        let subject = Subject::Request(row.id);
        step.append(subject, "request_taken_in", body, String::new());
    }
    // What waits to be sent goes with the text that is written there.
    support_files::Entity::update_many()
        .col_expr(F::RequestId, Expr::value(other.row.id))
        .filter(F::RequestId.eq(step.stored.row.id))
        .filter(F::MessageId.is_null())
        .exec(step.transaction())
        .await?;
    letters::went_elsewhere(&step, &step.stored).await?;
    step.commit("request_merged", json!({ "into": into.0 }))
        .await
}

/// Moves a request to another place, which is told to the developer.
///
/// # Errors
/// See `RequestStep::begin`; [`Error::Input`] on `place`; [`Error::Refused`].
pub async fn move_request(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    place: &str,
    seen: Seen,
) -> Result<()> {
    let kind = ActionKind::Move;
    let mut step = RequestStep::begin(desk, caller, number, kind, Some(seen)).await?;
    let limits = Limits {
        field: "place",
        label: "Where it goes on",
        min: 3,
        max: 200,
    };
    let mut problems = Vec::new();
    let place = line(limits, place, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    step.decide(Action::Move)?;
    step.stored.row.moved_to = Some(place);
    letters::went_elsewhere(&step, &step.stored).await?;
    step.commit("request_moved", json!({})).await
}
