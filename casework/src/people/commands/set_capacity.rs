//! Set capacity: how many open cases a reviewer holds at most.

use crate::{
    By, Caller, Desk, Error, Result, Step, accounts::lock, audit::Subject, entities::people,
    input::input, policy::DeskAct, queries::audit::may,
};
use sea_orm::{EntityTrait, Set};
use serde_json::json;
use workflow::PersonId;

/// The greatest number.
const MOST: u32 = 1_000;

input! {
    /// Who holds how many at most; none: as the setting says.
    pub struct SetCapacityInput for "set_capacity" OnDesk {
        hidden person: PersonId;
        typed capacity: Option<u32> = "Open cases at most" up to 6;
    }
}

/// From now on “Get next” gives this person nothing beyond the number. What they hold stays.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Input`].
pub async fn set_capacity(
    desk: &Desk,
    caller: &Caller,
    person: PersonId,
    capacity: Option<u32>,
) -> Result<()> {
    may(desk, caller, DeskAct::ManageWorkload)?;
    let stored = match capacity {
        Some(number) if number > MOST => {
            let text = format!("Open cases at most: write a number up to {MOST}, or nothing.");
            return Err(Error::field("capacity", text));
        }
        Some(number) => i32::try_from(number).ok(),
        None => None,
    };
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let row = lock(step.transaction(), person.0).await?;
    people::Entity::update(people::ActiveModel {
        id: Set(row.id),
        capacity: Set(stored),
        ..Default::default()
    })
    .exec(step.transaction())
    .await?;
    let body = json!({ "person": person, "before": row.capacity, "after": stored });
    step.append(
        Subject::Person(person.0),
        "capacity_set",
        body,
        String::new(),
    );
    step.commit().await
}
