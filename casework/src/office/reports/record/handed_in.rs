//! What the developer handed in, and what was asked about it.

use super::{Record, entry, fact, hash, section, written};
use crate::{
    entities::{attachments, submissions},
    store::Snapshot,
    words::{count, moment},
};
use paper::{Block, Said, Section};
use workflow::{
    FilesOf, PersonId, Timestamp,
    event::Pin,
    form::{Field, FieldKind, Form},
};

impl Record<'_> {
    /// The newest revision whole; of those before it what they said otherwise.
    pub(super) fn submission(&self) -> Section {
        let mut blocks = Vec::new();
        let mut newer: Option<&Snapshot> = None;
        for (row, snapshot) in self.revisions.iter().rev() {
            blocks.push(Block::Heading(match newer {
                None => format!("Revision {}", row.revision),
                Some(_) => format!("Revision {}, where it said otherwise", row.revision),
            }));
            blocks.push(Block::Facts(self.frozen(row, snapshot)));
            blocks.extend(self.answers(snapshot, newer));
            newer = Some(snapshot);
        }
        section("Submission", blocks)
    }

    fn frozen(&self, row: &submissions::Model, snapshot: &Snapshot) -> Vec<(String, String)> {
        let at = Timestamp::from_micros(row.made_at);
        let files: Vec<&str> = snapshot
            .attachments
            .iter()
            .map(|file| file.name.as_str())
            .collect();
        vec![
            fact("Handed in", self.by(PersonId(row.made_by), at)),
            fact("SHA-256", row.sha256.clone()),
            fact("Form", format!("version {}", snapshot.form_version)),
            fact(
                "Files",
                match files.as_slice() {
                    [] => "none".to_owned(),
                    files => files.join(", "),
                },
            ),
        ]
    }

    /// The answers of a revision, of those alone that are others in a `newer` one.
    fn answers(&self, snapshot: &Snapshot, newer: Option<&Snapshot>) -> Vec<Block> {
        let Some(form) = self.known.forms.get(&snapshot.form_version) else {
            let raw = snapshot.answers.iter();
            let raw = raw.map(|(key, text)| fact(key, text)).collect();
            return vec![Block::Facts(raw)];
        };
        let mut blocks = Vec::new();
        for part in form.sections(snapshot.level) {
            let facts: Vec<(String, String)> = part
                .fields
                .iter()
                .filter(|field| !matches!(field.kind, FieldKind::Files { .. }))
                .filter_map(|field| {
                    let answer = snapshot.answers.get(&field.key);
                    let told = newer.is_none_or(|newer| newer.answers.get(&field.key) != answer);
                    let answer = answer.map_or("", String::as_str);
                    told.then(|| fact(&field.label, answered(field, answer)))
                })
                .collect();
            if !facts.is_empty() {
                blocks.push(Block::Text(part.title));
                blocks.push(Block::Facts(facts));
            }
        }
        blocks
    }

    pub(super) fn questions(&self) -> Section {
        let entries = self.case().questions.iter().map(|question| {
            let asked = &question.asked;
            let mut lines = vec![
                Said::Text(question.text.to_string()),
                Said::Note(format!("Asked by {}", self.by(asked.by, asked.at))),
            ];
            match &question.answer {
                Some(answer) => {
                    lines.extend(written(&answer.text));
                    let given = self.by(answer.given.by, answer.given.at);
                    lines.push(Said::Note(format!("Answered by {given}")));
                }
                None => lines.push(Said::Note("Not answered".to_owned())),
            }
            entry(self.pinned(&question.pin), lines)
        });
        section("Questions and answers", entries.collect())
    }

    /// What a question is about, in words.
    fn pinned(&self, pin: &Pin) -> String {
        match pin {
            Pin::Case => "The application".to_owned(),
            Pin::Field { key } => self.field(key),
            Pin::Item { list, key } => self.item(*list, key),
        }
    }

    fn form(&self) -> Option<&Form> {
        self.known.forms.get(&self.case().form_version)
    }

    pub(super) fn field(&self, key: &str) -> String {
        let field = self.form().and_then(|form| form.field(key));
        let label = field.map(|field| field.label.as_str());
        let of_form = label.map(str::to_owned);
        of_form
            .or_else(|| FilesOf::read(key).label().map(str::to_owned))
            .unwrap_or_else(|| key.to_owned())
    }

    /// `with_drafts`: also what is part of no revision, which is its developer's until it is sent.
    pub(super) fn attachments(&self, with_drafts: bool) -> Section {
        let told = self
            .files
            .iter()
            .filter(|file| with_drafts || self.revisions_with(file).next().is_some());
        let entries = told.map(|file| {
            let added = Timestamp::from_micros(file.added_at);
            let mut lines = vec![
                Said::Note(format!(
                    "{}: {}, {}, attached by {}",
                    self.field(&file.field),
                    file.mime,
                    count(file.size, "byte"),
                    self.by(PersonId(file.added_by), added)
                )),
                Said::Note(self.handed_in_with(file)),
            ];
            let removed = file.removed_at.map(Timestamp::from_micros);
            lines.extend(removed.map(|at| Said::Note(format!("Taken away {}", moment(at)))));
            lines.push(hash("SHA-256", &file.sha256));
            entry(file.name.clone(), lines)
        });
        section("Attachments", entries.collect())
    }

    fn revisions_with(&self, file: &attachments::Model) -> impl Iterator<Item = i32> {
        self.revisions
            .iter()
            .filter(|(_, snapshot)| snapshot.attachments.iter().any(|one| one.id.0 == file.id))
            .map(|(row, _)| row.revision)
    }

    /// Of which revisions a file is part.
    fn handed_in_with(&self, file: &attachments::Model) -> String {
        let with: Vec<String> = self
            .revisions_with(file)
            .map(|revision| revision.to_string())
            .collect();
        match with.as_slice() {
            [] => "Part of no revision".to_owned(),
            [one] => format!("Part of revision {one}"),
            many => format!("Part of revisions {}", many.join(", ")),
        }
    }
}

fn answered(field: &Field, answer: &str) -> String {
    match answer {
        "" => "—".to_owned(),
        answer => field.in_words(answer),
    }
}
