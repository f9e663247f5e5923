//! What the desk's clock does with requests: what was solved closes when it cannot be reopened any
//! more, and what somebody holds who cannot work on it, or is away, goes back to the queue.

use super::request_step::RequestStep;
use crate::{
    Desk, Error, Part, Result,
    accounts::absences::gone,
    entities::{
        people,
        support_requests::{self, Column as C},
    },
    roles_from_words, rows,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{
    PersonId, Role, Timestamp,
    state::Side,
    support::{Action, REOPENS_WITHIN, RequestNumber, State},
};

/// How many requests one look takes on; the next look takes the others.
const BATCH: u64 = 500;

/// Does what is due; answers how many steps. Several instances may do this at the same time: each
/// step is carried out once. A request that fails is reported and passed over.
///
/// # Errors
/// When the requests or the people cannot be read.
pub async fn look_after_requests(desk: &Desk) -> Result<usize> {
    let mut steps = 0;
    let mut wrong = Vec::new();
    let expired = expired(desk, desk.now()).await?;
    let held = held_in_vain(desk).await?;
    let due = expired
        .into_iter()
        .map(|number| (number, Action::Expire))
        .chain(held.into_iter().map(|number| (number, Action::Release)));
    for (number, action) in due {
        match carry_out(desk, number, action).await {
            Ok(()) => steps += 1,
            // Somebody was faster.
            Err(Error::Conflict { .. } | Error::Refused(_)) => {}
            Err(error) => {
                let what = RequestNumber(number.unsigned_abs()).to_string();
                tracing::warn!(what, %error, "a request could not be looked after");
                wrong.push((what, "was not looked after".to_owned()));
            }
        }
    }
    desk.conditions.found(Part::Requests, &wrong, desk.now());
    Ok(steps)
}

async fn carry_out(desk: &Desk, number: i32, action: Action<'_>) -> Result<()> {
    let number = RequestNumber(rows::number(number, "support_requests", number, "number")?);
    let mut step = RequestStep::of_clock(desk, number, action.kind()).await?;
    let before = step.stored.request.assignee;
    if matches!(action, Action::Release) && !holds_in_vain(&step, before).await? {
        return Ok(());
    }
    step.decide(action)?;
    match action {
        Action::Release => {
            step.commit("request_released", json!({ "person": before }))
                .await
        }
        _ => step.commit("request_expired", json!({})).await,
    }
}

async fn expired(desk: &Desk, now: Timestamp) -> Result<Vec<i32>> {
    let before = now.plus(-REOPENS_WITHIN).micros();
    Ok(support_requests::Entity::find()
        .select_only()
        .column(C::Number)
        .filter(C::State.eq(State::Solved.word()))
        .filter(C::EndedAt.lt(before))
        .order_by_asc(C::EndedAt)
        .limit(BATCH)
        .into_tuple()
        .all(desk.database.read())
        .await?)
}

/// Whether somebody with this account can answer requests.
fn can_hold(person: &people::Model) -> bool {
    person.disabled_at.is_none() && roles_from_words(&person.roles).contains(&Role::Support)
}

async fn holds_in_vain(step: &RequestStep<'_>, holder: Option<PersonId>) -> Result<bool> {
    let Some(holder) = holder else {
        return Ok(false);
    };
    let person = people::Entity::find_by_id(holder.0)
        .one(step.transaction())
        .await?;
    let gone = gone(step.transaction(), step.now.date()).await?;
    Ok(person.is_none_or(|person| !can_hold(&person) || gone.contains_key(&person.id)))
}

/// Open requests of people who cannot work on them any more.
async fn held_in_vain(desk: &Desk) -> Result<Vec<i32>> {
    let database = desk.database.read();
    let held: Vec<(i32, Uuid)> = support_requests::Entity::find()
        .select_only()
        .columns([C::Number, C::AssigneeId])
        .filter(C::AssigneeId.is_not_null())
        .filter(C::Side.ne(Side::Nobody.word()))
        .order_by_asc(C::Number)
        .into_tuple()
        .all(database)
        .await?;
    let holders: BTreeSet<Uuid> = held.iter().map(|(_, holder)| *holder).collect();
    if holders.is_empty() {
        return Ok(Vec::new());
    }
    let gone = gone(database, desk.now().date()).await?;
    let able: BTreeSet<Uuid> = people::Entity::find()
        .filter(people::Column::Id.is_in(holders))
        .all(database)
        .await?
        .iter()
        .filter(|person| can_hold(person) && !gone.contains_key(&person.id))
        .map(|person| person.id)
        .collect();
    Ok(held
        .into_iter()
        .filter(|(_, holder)| !able.contains(holder))
        .map(|(number, _)| number)
        .collect())
}
