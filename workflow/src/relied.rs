//! What of a submission a verdict relied on, so that exactly the verdicts that relied on it are open
//! again when it changes.

use crate::{Case, FilesOf, checklist::Item, event::Pin, event::Submission};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What stands where in a submission: place → SHA-256, in lower-case hexadecimal. A place is a
/// question of the request form with its answer and files, an item of a checklist with the files
/// that were sent about it ([`place_of`]), or [`EVERY_FILE`]. Where nothing stands there is no entry.
pub type Places = BTreeMap<String, String>;

/// The place that all files together are: who looks through every upload relies on it.
pub const EVERY_FILE: &str = "every_file";

/// What a verdict relied on of what was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relied {
    /// The revision that was looked at.
    pub revision: u32,
    /// The version of the checklist.
    pub template: u32,
    pub on: On,
}

/// Of the revision, all that the item concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// These places, each with what stood there; none for nothing.
    Places(BTreeMap<String, Option<String>>),
    /// All of it, by the hash of the revision: the item does not say what it concerns, or the
    /// revision is from before it was recorded what stands where.
    Whole(String),
}

impl Relied {
    /// What a verdict on `item` relies on: everything that the item concerns, and the files that
    /// came about the item itself.
    pub fn of(item: &Item, own_place: String, template: u32, submission: &Submission) -> Self {
        let on = match &item.concerns {
            Some(keys) if !submission.places.is_empty() => On::Places(
                keys.iter()
                    .cloned()
                    .chain([own_place])
                    .map(|place| {
                        let stands = submission.places.get(&place).cloned();
                        (place, stands)
                    })
                    .collect(),
            ),
            _ => On::Whole(submission.sha256.clone()),
        };
        Self {
            revision: submission.revision,
            template,
            on,
        }
    }

    /// Whether something else stands in another revision where this looked.
    pub fn is_changed_in(&self, submission: &Submission) -> bool {
        match &self.on {
            On::Whole(sha256) => *sha256 != submission.sha256,
            On::Places(places) => places
                .iter()
                .any(|(place, stood)| submission.places.get(place) != stood.as_ref()),
        }
    }

    /// The places that it looked at; none where it looked at everything.
    pub fn places(&self) -> Option<BTreeSet<&str>> {
        match &self.on {
            On::Whole(_) => None,
            On::Places(places) => Some(places.keys().map(String::as_str).collect()),
        }
    }
}

/// The place of the files that came about an item of a checklist: a key of the request form has no
/// `/`.
pub fn place_of_item(list: crate::checklist::ListKind, item: &str) -> String {
    format!("{}/{item}", list.word())
}

/// The place that a file belongs to, by the word that is kept with it: that of the form's question,
/// or of what the question of ours or the finding is about that it was sent with. None for what is
/// about the application as a whole.
pub fn place_of(case: &Case, key: &str) -> Option<String> {
    match FilesOf::read(key) {
        FilesOf::Form(key) => Some(key),
        FilesOf::Answer(id) => {
            let question = case.questions.iter().find(|question| question.id == id)?;
            match &question.pin {
                Pin::Case => None,
                Pin::Field { key } => Some(key.clone()),
                Pin::Item { list, key } => Some(place_of_item(*list, key)),
            }
        }
        FilesOf::Response(id) => {
            let finding = case.findings.iter().find(|finding| finding.id == id)?;
            Some(place_of_item(finding.list, &finding.item))
        }
    }
}
