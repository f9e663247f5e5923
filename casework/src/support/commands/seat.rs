//! Who of ours answers for a request.

use super::{Seen, request_step::RequestStep};
use crate::{
    Caller, Desk, Error, Result,
    accounts::absences::away_until,
    entities::people,
    input::input,
    roles_from_words,
    support::{letters, reads_inside},
};
use sea_orm::EntityTrait;
use serde_json::json;
use workflow::{
    PersonId, Refusal,
    support::{Action, ActionKind, RequestNumber},
};

input! {
    /// Who answers for it from now on.
    pub struct AssignRequestInput for "assign_request" OnDesk {
        hidden request: RequestNumber;
        hidden version: u64;
        typed to: Option<PersonId> = "Assignee";
    }
}

input! {
    /// Nothing is typed.
    pub struct ReleaseRequestInput for "release_request" OnDesk {
        hidden request: RequestNumber;
        hidden version: u64;
    }
}

/// Makes somebody responsible: oneself or a colleague, who gets a letter.
///
/// # Errors
/// See `RequestStep::begin`; [`Error::Input`] on `to` for somebody who cannot work on it;
/// [`Refusal::Away`].
pub async fn assign_request(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    to: Option<PersonId>,
    seen: Seen,
) -> Result<()> {
    let kind = ActionKind::Assign;
    let mut step = RequestStep::begin(desk, caller, number, kind, Some(seen)).await?;
    let unfit = || Error::field("to", "Assignee: choose one of the list.");
    let to = to.ok_or_else(unfit)?;
    let person = people::Entity::find_by_id(to.0)
        .one(step.transaction())
        .await?
        .filter(|person| person.disabled_at.is_none())
        .ok_or_else(unfit)?;
    let roles = roles_from_words(&person.roles);
    let fits = reads_inside(&step.policy, &step.stored, to, &roles)
        && step
            .policy
            .allows(&step.stored.subject(to, &roles), ActionKind::Reply);
    if !fits {
        return Err(unfit());
    }
    let today = step.now.date();
    if let Some(until) = away_until(step.transaction(), to, today).await? {
        return Err(Refusal::Away { until }.into());
    }
    let before = step.stored.request.assignee;
    step.decide(Action::Assign(to))?;
    if to != caller.person && before != Some(to) {
        letters::assigned(&step, &step.stored, &person).await?;
    }
    let body = json!({ "person": to, "before_assignee": before });
    step.commit("request_assigned", body).await
}

/// Gives a request back: nobody in particular answers for it.
///
/// # Errors
/// See `RequestStep::begin`; [`Error::Refused`].
pub async fn release_request(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    seen: Seen,
) -> Result<()> {
    let kind = ActionKind::Release;
    let mut step = RequestStep::begin(desk, caller, number, kind, Some(seen)).await?;
    let before = step.stored.request.assignee;
    step.decide(Action::Release)?;
    step.commit("request_released", json!({ "person": before }))
        .await
}
