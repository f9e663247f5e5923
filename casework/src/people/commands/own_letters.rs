//! Choose which letters one does without.

use super::own_step::OwnStep;
use crate::{
    Caller, Desk, Result,
    entities::people,
    input::input,
    post::{LetterKind, Topic},
};
use sea_orm::{EntityTrait, Set};
use serde_json::json;
use std::collections::BTreeSet;

input! {
    /// Which letters are to come, by topic: of those that one can do without.
    pub struct ChooseLettersInput for "choose_letters" OnDesk {
        typed apps: BTreeSet<LetterKind> = "Your apps and their members";
        typed applications: BTreeSet<LetterKind> = "Applications and access";
        typed approvals: BTreeSet<LetterKind> = "Approved apps";
        typed support: BTreeSet<LetterKind> = "Support requests";
        typed partners: BTreeSet<LetterKind> = "Gallery and partnership";
        typed work: BTreeSet<LetterKind> = "Work on our side";
    }
}

impl ChooseLettersInput {
    /// All that were chosen.
    pub fn wanted(self) -> BTreeSet<LetterKind> {
        [
            self.apps,
            self.applications,
            self.approvals,
            self.support,
            self.partners,
            self.work,
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// From now on letters of these kinds come, and of the others none that one can do without. Of what
/// does not concern the caller everything stays as it was.
///
/// # Errors
/// When the database does not answer.
pub async fn choose_letters(
    desk: &Desk,
    caller: &Caller,
    wanted: &BTreeSet<LetterKind>,
) -> Result<()> {
    let step = OwnStep::begin(desk, caller).await?;
    let words = step.person.letters_off.as_deref().unwrap_or_default();
    let before = LetterKind::off_from_words(words);
    let chosen = |kind: &LetterKind| kind.always().is_none() && kind.topic().concerns(caller);
    let off: BTreeSet<LetterKind> = Topic::ALL
        .iter()
        .flat_map(|topic| topic.kinds())
        .filter(|kind| chosen(kind) && !wanted.contains(kind))
        .chain(before.iter().copied().filter(|kind| !chosen(kind)))
        .collect();
    people::Entity::update(people::ActiveModel {
        id: Set(step.person.id),
        letters_off: Set((!off.is_empty()).then(|| LetterKind::words(&off))),
        ..Default::default()
    })
    .exec(step.transaction())
    .await?;
    let words = |kinds: &BTreeSet<LetterKind>| {
        let words: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
        words
    };
    let body =
        json!({ "before": { "without": words(&before) }, "after": { "without": words(&off) } });
    step.commit("letters_chosen", body).await
}
