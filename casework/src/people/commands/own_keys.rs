//! Keep the keys that are pressed alone, or do without them. It is nobody else's business: no event
//! tells of it.

use crate::{By, Caller, Desk, Result, Step, entities::people, input::input};
use sea_orm::{EntityTrait, Set};

input! {
    /// Whether they do anything.
    pub struct SetKeysInput for "set_keys" OnDesk repeats {
        /// `on` or `off`.
        typed keys: String = "Keys that are pressed alone" up to 3;
    }
}

/// Switches them on or off on every page of the caller.
///
/// # Errors
/// When the database does not answer.
pub async fn set_keys(desk: &Desk, caller: &Caller, keys: &str) -> Result<()> {
    let step = Step::begin(desk, By::Person(caller)).await?;
    people::Entity::update(people::ActiveModel {
        id: Set(caller.person.0),
        keys_off: Set(keys == "off"),
        ..Default::default()
    })
    .exec(step.transaction())
    .await?;
    step.commit().await
}
