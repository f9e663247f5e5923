//! Choose which letters one does without.

use super::own_step::OwnStep;
use crate::{Caller, Desk, Result, entities::people, input::input, post::Topic};
use sea_orm::{EntityTrait, Set};
use serde_json::json;
use std::collections::BTreeSet;

input! {
    /// The topics of which letters are to come.
    pub struct ChooseLettersInput for "choose_letters" OnDesk {
        typed topics: BTreeSet<Topic> = "Letters that you want";
    }
}

/// From now on letters of these topics come, and of the others none.
///
/// # Errors
/// When the database does not answer.
pub async fn choose_letters(desk: &Desk, caller: &Caller, wanted: &BTreeSet<Topic>) -> Result<()> {
    let step = OwnStep::begin(desk, caller).await?;
    let all: BTreeSet<Topic> = Topic::ALL.iter().copied().collect();
    let off: BTreeSet<Topic> = all.difference(wanted).copied().collect();
    let before = Topic::from_words(step.person.letters_off.as_deref().unwrap_or_default());
    people::Entity::update(people::ActiveModel {
        id: Set(step.person.id),
        letters_off: Set((!off.is_empty()).then(|| Topic::words(&off))),
        ..Default::default()
    })
    .exec(step.transaction())
    .await?;
    let body = json!({ "before": { "without": before }, "after": { "without": off } });
    step.commit("letters_chosen", body).await
}
