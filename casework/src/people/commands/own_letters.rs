//! Choose when letters come that one can do without.

use super::own_step::OwnStep;
use crate::{
    Caller, Desk, Error, Result,
    entities::people,
    input::{Place, input},
    post::{LetterKind, Way, Ways},
};
use sea_orm::{EntityTrait, Set};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use workflow::form::Problem;

input! {
    /// When which letters are to come: of those that one can do without.
    pub struct ChooseLettersInput for "choose_letters" OnDesk {
        keyed letters: LetterKind = "Letters" after "letter_" up to 20;
    }
}

impl ChooseLettersInput {
    /// What was chosen.
    ///
    /// # Errors
    /// [`Error::Input`] on each letter for which something else was sent than a [`Way`].
    pub fn chosen(self) -> Result<BTreeMap<LetterKind, Way>> {
        let mut problems = Vec::new();
        let mut chosen = BTreeMap::new();
        for (kind, word) in self.letters {
            match Way::from_word(&word) {
                Some(way) => _ = chosen.insert(kind, way),
                None => problems.push(Problem {
                    field: Self::letters().of(&kind).name(),
                    text: format!("{}: choose when it is to come.", kind.label()),
                }),
            }
        }
        if problems.is_empty() {
            Ok(chosen)
        } else {
            Err(Error::Input { problems })
        }
    }
}

/// From now on letters of these kinds come so. What always comes, what does not concern the caller
/// and what is not named stays as it was.
///
/// # Errors
/// When the database does not answer.
pub async fn choose_letters(
    desk: &Desk,
    caller: &Caller,
    chosen: &BTreeMap<LetterKind, Way>,
) -> Result<()> {
    let step = OwnStep::begin(desk, caller).await?;
    let before = Ways::from(&step.person);
    let mut after = before.clone();
    for (kind, way) in chosen {
        if kind.topic().concerns(caller) {
            after.choose(*kind, *way);
        }
    }
    let words =
        |kinds: &BTreeSet<LetterKind>| (!kinds.is_empty()).then(|| LetterKind::words(kinds));
    people::Entity::update(people::ActiveModel {
        id: Set(step.person.id),
        letters_off: Set(words(&after.never)),
        letters_daily: Set(words(&after.daily)),
        ..Default::default()
    })
    .exec(step.transaction())
    .await?;
    let body = json!({ "before": told(&before), "after": told(&after) });
    step.commit("letters_chosen", body).await
}

/// As the trail has it.
fn told(ways: &Ways) -> Value {
    let words = |kinds: &BTreeSet<LetterKind>| {
        let words: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
        words
    };
    json!({ "without": words(&ways.never), "daily": words(&ways.daily) })
}
