//! Get next: the request that is due first among those that nobody has taken becomes mine.

use super::request_step::RequestStep;
use crate::{
    By, Caller, Desk, Error, Result, Step,
    accounts::absences::away_until,
    entities::support_requests::{self, Column as C},
    input::input,
    policy::{self, SupportAct},
    support::{queries::not_conflicted, store::Stored},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LockBehavior, LockType},
};
use serde_json::json;
use std::collections::BTreeSet;
use workflow::{
    Refusal,
    state::Side,
    support::{Action, ActionKind, RequestNumber},
};

input! {
    /// Nothing is typed.
    pub struct NextRequestInput for "next_request" OnDesk {}
}

/// Takes the request that is due first; nothing where none waits. Of several people who ask at once,
/// each gets another one: the row is locked before it is taken, and a locked one is passed over.
///
/// # Errors
/// [`Error::NotFound`] to those who may not see the queue; [`Error::Forbidden`];
/// [`Refusal::YouAreAway`]; when the database does not answer.
pub async fn next_request(desk: &Desk, caller: &Caller) -> Result<Option<RequestNumber>> {
    let subject = policy::Subject::new(&caller.roles, &BTreeSet::new());
    if !desk
        .policy
        .snapshot()
        .allows(&subject, SupportAct::ReadQueue)
    {
        return Err(Error::NotFound);
    }
    let step = Step::begin(desk, By::Person(caller)).await?;
    step.policy.require(&subject, ActionKind::Assign)?;
    let today = step.now.date();
    if let Some(until) = away_until(step.transaction(), caller.person, today).await? {
        return Err(Refusal::YouAreAway { until }.into());
    }
    let waiting = support_requests::Entity::find()
        .filter(C::Side.eq(Side::Us.word()))
        .filter(C::AssigneeId.is_null())
        .filter(not_conflicted(caller.person))
        .order_by_asc(C::DueAt)
        .order_by_asc(C::Number)
        .limit(1)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(step.transaction())
        .await?;
    let Some(row) = waiting else {
        return Ok(None);
    };
    let stored = Stored::of(step.transaction(), row).await?;
    step.policy
        .require(&stored.subject_of(caller), ActionKind::Assign)?;
    let number = stored.request.number;
    let mut step = RequestStep { step, stored };
    step.decide(Action::Assign(caller.person))?;
    let body = json!({ "person": caller.person, "before_assignee": null });
    step.commit("request_assigned", body).await?;
    Ok(Some(number))
}
