//! Keep the keys that are pressed alone, or do without them. It is nobody else's business: no event
//! tells of it.

use crate::{By, Caller, Desk, Error, Result, Step, entities::people, input::input};
use sea_orm::{EntityTrait, Set};
use workflow::form::Problem;

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
/// [`Error::NotFound`] to whoever is not of staff, whose pages have no such keys; [`Error::Input`]
/// where it is neither `on` nor `off`.
pub async fn set_keys(desk: &Desk, caller: &Caller, input: &SetKeysInput) -> Result<()> {
    if !caller.is_staff() {
        return Err(Error::NotFound);
    }
    let keys_off = match input.keys.as_str() {
        "on" => false,
        "off" => true,
        _ => {
            let problem = Problem {
                field: "keys".to_owned(),
                text: "Choose whether keys that are pressed alone do anything.".to_owned(),
            };
            return Err(Error::Input {
                problems: vec![problem],
            });
        }
    };
    let step = Step::begin(desk, By::Person(caller)).await?;
    people::Entity::update(people::ActiveModel {
        id: Set(caller.person.0),
        keys_off: Set(keys_off),
        ..Default::default()
    })
    .exec(step.transaction())
    .await?;
    step.commit().await
}
