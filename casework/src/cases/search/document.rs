//! What a case is found by: its texts, each with who may read it.

use super::{
    Facet,
    words::{self, INSIDE},
};
use crate::{
    cases::queries::{is_told, returned_is_told},
    entities::apps,
    reference::Known,
    store::Snapshot,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{
    Case, Event, Internal,
    checklist::{FindingStatus, Sheet, Verdict},
    form::{Answers, Field, FieldKind, Form},
};

/// No more than so many bytes of words are kept of a case: PostgreSQL takes a megabyte, what they begin
/// with and marks included.
const MOST: usize = 250_000;

/// Of which events the texts are kept nowhere but in the trail.
pub(super) const TOLD_BY_EVENTS: [&str; 9] = [
    "approved",
    "declined",
    "withdrawn",
    "appealed",
    "appeal_answered",
    "reopened",
    "grant_suspended",
    "grant_reinstated",
    "grant_revoked",
];

/// What a text is, to whoever finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Of the app and its organisation, which lists show anyway.
    Name,
    App,
    /// What the form asks, as it was handed in last.
    Form,
    File,
    Question,
    Answer,
    Finding,
    Correction,
    Decision,
    Withdrawal,
    Appeal,
    Evidence,
    Proposal,
    Note,
}

impl Kind {
    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::App => "App",
            Self::Form => "Request form",
            Self::File => "File",
            Self::Question => "Question",
            Self::Answer => "Answer",
            Self::Finding => "Finding",
            Self::Correction => "Correction",
            Self::Decision => "Decision",
            Self::Withdrawal => "Withdrawal",
            Self::Appeal => "Appeal",
            Self::Evidence => "Evidence",
            Self::Proposal => "Proposal to decline",
            Self::Note => "Note",
        }
    }
}

/// The texts of a case, as they are kept beside its words to show where something was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Texts {
    /// What its developers see as well.
    pub outside: Vec<(Kind, String)>,
    /// What staff alone see.
    pub inside: Vec<(Kind, String)>,
    /// What lists are filtered by, as words.
    #[serde(default)]
    pub facets: BTreeSet<String>,
}

/// What a document is made of.
pub(super) struct Sources<'a> {
    pub case: &'a Case,
    pub app: &'a apps::Model,
    /// What was handed in last.
    pub sent: Option<&'a Snapshot>,
    /// Those of [`TOLD_BY_EVENTS`], oldest first.
    pub events: &'a [Event],
    pub tags: &'a [Uuid],
}

impl Texts {
    /// Of a case that was handed in.
    pub fn of(sources: &Sources<'_>, known: &Known) -> Self {
        let mut texts = Self::default();
        let Sources { case, app, .. } = sources;
        texts.tell(Kind::Name, &app.name);
        texts.tell(Kind::Name, &app.organisation);
        texts.tell(Kind::App, &app.description);
        texts.tell(Kind::App, &app.website);
        texts.untold(Kind::App, &app.client_id);
        if let Some(sent) = sources.sent {
            texts.form(sent, known.forms.get(&sent.form_version));
        }
        for question in &case.questions {
            texts.tell(Kind::Question, &question.text);
            if let Some(answer) = &question.answer {
                texts.tell(Kind::Answer, &answer.text);
            }
        }
        for finding in &case.findings {
            if is_told(case, finding) {
                texts.tell(Kind::Finding, &finding.text);
            } else {
                texts.untold(Kind::Finding, &finding.text);
            }
            match &finding.status {
                FindingStatus::Responded { response, .. } => {
                    texts.tell(Kind::Correction, response);
                }
                FindingStatus::Waived { reason, .. } => texts.note(Kind::Note, reason),
                FindingStatus::Dated {
                    reported, returned, ..
                } => {
                    if let Some(reported) = reported {
                        texts.tell(Kind::Correction, &reported.text);
                    }
                    if let Some(returned) = returned {
                        texts.tell(Kind::Finding, &returned.text);
                    }
                }
                FindingStatus::Open {
                    returned: Some(wrong),
                } => {
                    if returned_is_told(case, finding) {
                        texts.tell(Kind::Finding, &wrong.text);
                    } else {
                        texts.untold(Kind::Finding, &wrong.text);
                    }
                }
                FindingStatus::Open { returned: None } | FindingStatus::Resolved { .. } => {}
            }
        }
        let sheets = [&case.completeness, &case.commercial].into_iter();
        for sheet in sheets.chain(&case.technical) {
            texts.sheet(sheet);
        }
        if let Some(proposal) = &case.decline_proposal {
            texts.untold(Kind::Proposal, proposal.reason.label());
            texts.note(Kind::Proposal, &proposal.text);
        }
        for event in sources.events {
            texts.event(event);
        }
        let facets = Facet::of(case, sources.sent, sources.tags);
        texts.facets = facets.iter().map(words::facet).collect();
        texts
    }

    fn tell(&mut self, kind: Kind, text: &str) {
        if !text.is_empty() {
            self.outside.push((kind, text.to_owned()));
        }
    }

    /// What stays with us.
    fn note(&mut self, kind: Kind, text: &Internal) {
        self.untold(kind, text.inside());
    }

    /// What its developers are not told, or not yet.
    fn untold(&mut self, kind: Kind, text: &str) {
        if !text.is_empty() {
            self.inside.push((kind, text.to_owned()));
        }
    }

    fn form(&mut self, sent: &Snapshot, form: Option<&Form>) {
        match form {
            Some(form) => {
                let fields = form.sections.iter().flat_map(|section| &section.fields);
                for field in fields {
                    for text in answered(field, &sent.answers) {
                        self.tell(Kind::Form, text);
                    }
                }
            }
            None => {
                for text in sent.answers.values() {
                    self.tell(Kind::Form, text);
                }
            }
        }
        for file in &sent.attachments {
            self.tell(Kind::File, &file.name);
        }
    }

    fn sheet(&mut self, sheet: &Sheet) {
        for mark in sheet.given() {
            self.untold(Kind::Evidence, &mark.evidence);
            if let Verdict::NotApplicable { reason } = &mark.verdict {
                self.note(Kind::Evidence, reason);
            }
        }
    }

    fn event(&mut self, event: &Event) {
        match event {
            Event::Approved { granted } => self.note(Kind::Decision, &granted.note),
            Event::Declined { reason, text, .. } => {
                self.tell(Kind::Decision, reason.label());
                self.tell(Kind::Decision, text);
            }
            Event::Withdrawn { reason, .. } => self.tell(Kind::Withdrawal, reason),
            Event::Appealed { text } => self.tell(Kind::Appeal, text),
            Event::AppealAnswered { text } => self.tell(Kind::Appeal, text),
            Event::Reopened {
                reason, although, ..
            } => {
                self.note(Kind::Note, reason);
                self.note(Kind::Note, although);
            }
            Event::GrantSuspended { reason, .. }
            | Event::GrantReinstated { reason, .. }
            | Event::GrantRevoked { reason, .. }
            | Event::CapChanged { reason, .. } => self.tell(Kind::Decision, reason),
            _ => {}
        }
    }

    /// The words of the document.
    pub fn words(&self, case: &Case) -> Words {
        let mut outside = BTreeSet::new();
        words::add(&case.number.to_string(), &mut outside);
        let mut left = MOST.saturating_sub(bytes(&outside));
        gather(&self.outside, &mut outside, &mut left);
        let mut inside = BTreeSet::new();
        gather(&self.inside, &mut inside, &mut left);
        inside.retain(|word| !outside.contains(word));
        Words {
            outside,
            inside,
            facets: self.facets.clone(),
            part: words::part(i32::try_from(case.number.0).unwrap_or(i32::MAX)),
        }
    }
}

/// The words of a document.
pub(super) struct Words {
    outside: BTreeSet<String>,
    /// Those that stand nowhere outside.
    inside: BTreeSet<String>,
    facets: BTreeSet<String>,
    part: String,
}

impl Words {
    /// As the index has them: what stands inside alone is marked.
    pub fn of_index(&self) -> String {
        let outside = words::with_beginnings(&self.outside);
        let inside = words::with_beginnings(&self.inside);
        let inside = inside.difference(&outside);
        let mut all: Vec<String> = inside.map(|word| format!("{INSIDE}{word}")).collect();
        all.extend(outside);
        all.extend(self.facets.iter().cloned());
        all.push(self.part.clone());
        all.join(" ")
    }

    /// Each with a space on either side, those inside behind the mark: to be looked through.
    pub fn in_a_row(&self) -> String {
        let outside = self.outside.iter().map(String::as_str);
        let inside = self.inside.iter().map(String::as_str);
        let mark = INSIDE.to_string();
        let facets = self.facets.iter().map(String::as_str);
        let inside = inside.chain(facets);
        let all: Vec<&str> = outside.chain([mark.as_str()]).chain(inside).collect();
        format!(" {} ", all.join(" "))
    }

    /// Those that are one unit.
    pub fn units(&self) -> impl Iterator<Item = &String> {
        let all = self.outside.iter().chain(&self.inside);
        all.filter(|word| words::is_unit(word))
    }
}

fn bytes(words: &BTreeSet<String>) -> usize {
    words.iter().map(String::len).sum()
}

/// Adds the words of texts until `left` bytes of them are used.
fn gather(texts: &[(Kind, String)], words: &mut BTreeSet<String>, left: &mut usize) {
    for (_, text) in texts {
        let mut more = BTreeSet::new();
        words::add(text, &mut more);
        for word in more {
            if word.len() > *left {
                return;
            }
            let length = word.len();
            if words.insert(word) {
                *left -= length;
            }
        }
    }
}

/// What a field's answer says to who reads it: of a choice what is chosen, by its label.
fn answered<'a>(field: &'a Field, answers: &'a Answers) -> Vec<&'a str> {
    let Some(answer) = answers.get(&field.key) else {
        return Vec::new();
    };
    match &field.kind {
        FieldKind::Choice { options } | FieldKind::Choices { options } => answer
            .split(',')
            .map(|key| {
                let chosen = options.iter().find(|option| option.key == key);
                chosen.map_or(key, |option| option.label.as_str())
            })
            .collect(),
        FieldKind::Confirm | FieldKind::Files { .. } => Vec::new(),
        FieldKind::Text { .. }
        | FieldKind::LongText { .. }
        | FieldKind::Url
        | FieldKind::Email
        | FieldKind::Date { .. }
        | FieldKind::Number { .. } => vec![answer.as_str()],
    }
}
