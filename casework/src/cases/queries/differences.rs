//! How two revisions of a submission differ, place by place.

use crate::{
    reference::Known,
    store::{FrozenFile, Snapshot},
};
use std::collections::BTreeSet;
use workflow::{
    Case,
    checklist::ListKind,
    compare::{Row, side_by_side},
    relied::{EVERY_FILE, place_of},
};

/// A place of the submission at which something else stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The key of the question, or the name of another place.
    pub place: String,
    pub label: String,
    /// Both texts beside each other; empty where the text is the same. What differs in its spacing
    /// alone is the same row by row.
    pub text: Vec<Row>,
    /// Its files, those of the same content beside each other; empty where they are the same.
    pub files: Vec<FileRow>,
}

impl Difference {
    /// Whether the words are the same and only the spacing between them is not.
    pub fn is_of_spacing(&self) -> bool {
        self.files.is_empty() && self.text.iter().all(|row| row.same)
    }
}

/// A file of the older revision beside one of the newer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    pub before: Option<FrozenFile>,
    pub after: Option<FrozenFile>,
}

/// Two revisions of a case.
pub(super) struct Two<'a> {
    pub case: &'a Case,
    pub known: &'a Known,
    pub before: &'a Snapshot,
    pub after: &'a Snapshot,
}

impl Two<'_> {
    /// Where they differ, in the order of the form, at these places; at all where none are named.
    pub fn differences(&self, of: Option<&BTreeSet<&str>>) -> Vec<Difference> {
        let wanted = |place: &str| of.is_none_or(|places| places.contains(place));
        let mut found: Vec<Difference> = self
            .places()
            .into_iter()
            .filter(|(place, _)| wanted(place))
            .filter_map(|(place, label)| self.difference(place, label))
            .collect();
        // Of all files together, where that is what was looked at.
        if of.is_some_and(|places| places.contains(EVERY_FILE)) {
            let all = |snapshot: &Snapshot| snapshot.attachments.clone();
            found.extend(difference(
                EVERY_FILE.to_owned(),
                "All files".to_owned(),
                (String::new(), String::new()),
                (all(self.before), all(self.after)),
            ));
        }
        found
    }

    /// The labels of the places that are alike and hold anything.
    pub fn alike(&self) -> Vec<String> {
        self.places()
            .into_iter()
            .filter(|(place, _)| {
                let holds = self.after.answer(place).is_some();
                holds || !self.files(self.after, place).is_empty()
            })
            .filter(|(place, label)| self.difference(place.clone(), label.clone()).is_none())
            .map(|(_, label)| label)
            .collect()
    }

    /// Every place that holds anything in either, with its label: the questions of the form, then
    /// what files came about otherwise.
    fn places(&self) -> Vec<(String, String)> {
        let form = self.known.forms.get(&self.after.form_version);
        let fields = form.into_iter().flat_map(|form| {
            let sections = form.sections(self.case.level);
            sections.flat_map(|section| section.fields)
        });
        let mut places: Vec<(String, String)> =
            fields.map(|field| (field.key, field.label)).collect();
        let files = self
            .before
            .attachments
            .iter()
            .chain(&self.after.attachments);
        for file in files {
            let place = self.place(file);
            if !places.iter().any(|(known, _)| *known == place) {
                let label = self.label(&place);
                places.push((place, label));
            }
        }
        places
    }

    fn place(&self, file: &FrozenFile) -> String {
        place_of(self.case, &file.field).unwrap_or_default()
    }

    /// Of a place that is no question of the form.
    fn label(&self, place: &str) -> String {
        let item = place.split_once('/').and_then(|(list, key)| {
            let list = ListKind::from_word(list)?;
            let version = self.case.sheet(list)?.version;
            self.known.lists.get(&(list, version))?.item(key)
        });
        match item {
            Some(item) => format!("Files about “{}”", item.label),
            None => "Files about the application".to_owned(),
        }
    }

    fn difference(&self, place: String, label: String) -> Option<Difference> {
        let words = |snapshot: &Snapshot| {
            let form = self.known.forms.get(&snapshot.form_version);
            let answer = snapshot.answer(&place)?;
            let field = form.and_then(|form| form.field(&place));
            Some(field.map_or_else(|| answer.to_owned(), |field| field.in_words(answer)))
        };
        let texts = (
            words(self.before).unwrap_or_default(),
            words(self.after).unwrap_or_default(),
        );
        let files = (
            self.files(self.before, &place),
            self.files(self.after, &place),
        );
        difference(place, label, texts, files)
    }

    fn files(&self, snapshot: &Snapshot, place: &str) -> Vec<FrozenFile> {
        let here = |file: &&FrozenFile| self.place(file) == place;
        snapshot.attachments.iter().filter(here).cloned().collect()
    }
}

fn difference(
    place: String,
    label: String,
    (old, new): (String, String),
    (was, is): (Vec<FrozenFile>, Vec<FrozenFile>),
) -> Option<Difference> {
    let hashes = |files: &[FrozenFile]| -> BTreeSet<String> {
        files.iter().map(|file| file.sha256.clone()).collect()
    };
    let same_files = hashes(&was) == hashes(&is);
    let text = match old == new {
        true => Vec::new(),
        false => side_by_side(&old, &new),
    };
    if old == new && same_files {
        return None;
    }
    let files = match same_files {
        true => Vec::new(),
        false => beside(was, is),
    };
    Some(Difference {
        place,
        label,
        text,
        files,
    })
}

/// Each file beside the one of the same content; else beside one of the same name, which is
/// another; else alone.
fn beside(was: Vec<FrozenFile>, mut is: Vec<FrozenFile>) -> Vec<FileRow> {
    let mut take = |wanted: &dyn Fn(&FrozenFile) -> bool| {
        let found = is.iter().position(wanted)?;
        Some(is.remove(found))
    };
    let mut alone = Vec::new();
    let mut rows: Vec<FileRow> = Vec::new();
    for file in was {
        match take(&|other| other.sha256 == file.sha256) {
            Some(same) => rows.push(FileRow {
                before: Some(file),
                after: Some(same),
            }),
            None => alone.push(file),
        }
    }
    for file in alone {
        let after = take(&|other| other.name == file.name);
        rows.push(FileRow {
            before: Some(file),
            after,
        });
    }
    rows.extend(is.into_iter().map(|file| FileRow {
        before: None,
        after: Some(file),
    }));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use workflow::AttachmentId;

    fn file(name: &str, sha256: &str) -> FrozenFile {
        FrozenFile {
            id: AttachmentId(uuid::Uuid::nil()),
            field: "mockups".to_owned(),
            name: name.to_owned(),
            mime: "application/pdf".to_owned(),
            size: 5,
            sha256: sha256.to_owned(),
        }
    }

    #[test]
    fn files_stand_beside_those_of_their_content_then_of_their_name() {
        let was = vec![file("a", "1"), file("b", "2"), file("c", "3")];
        let is = vec![file("c", "4"), file("x", "1"), file("d", "5")];
        let rows: Vec<(Option<String>, Option<String>)> = beside(was, is)
            .into_iter()
            .map(|row| {
                (
                    row.before.map(|file| file.name),
                    row.after.map(|file| file.name),
                )
            })
            .collect();
        let name = |name: &str| Some(name.to_owned());
        assert_eq!(
            rows,
            [
                (name("a"), name("x")),
                (name("b"), None),
                (name("c"), name("c")),
                (None, name("d")),
            ]
        );
    }

    #[test]
    fn what_is_alike_is_no_difference_and_a_renamed_file_is_alike() {
        let texts = |old: &str, new: &str| (old.to_owned(), new.to_owned());
        let of = |texts, files| difference("a".to_owned(), "A".to_owned(), texts, files);
        assert_eq!(
            of(
                texts("x", "x"),
                (vec![file("a", "1")], vec![file("b", "1")])
            ),
            None
        );
        let spacing = of(texts("x y", "x  y"), (Vec::new(), Vec::new())).unwrap();
        assert!(spacing.is_of_spacing());
        let words = of(texts("x y", "x z"), (Vec::new(), Vec::new())).unwrap();
        assert!(!words.is_of_spacing());
        assert!(words.files.is_empty());
    }
}
