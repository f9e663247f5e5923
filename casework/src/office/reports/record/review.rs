//! What staff checked and found, and what became of it.

use super::{Record, entry, hash, section, written};
use crate::words::{day, moment};
use paper::{Block, Said, Section};
use workflow::{
    Actor,
    checklist::{Finding, FindingStatus, Item, ListKind, Sheet, Verdict},
    life::Step,
    relied::{EVERY_FILE, On, Relied},
};

impl Record<'_> {
    pub(super) fn findings(&self) -> Section {
        let entries = self.case().findings.iter().map(|finding| {
            let item = self.item(finding.list, &finding.item);
            let mut lines = vec![
                Said::Text(finding.text.to_string()),
                Said::Note(format!(
                    "{}, round {}. Recorded by {}",
                    finding.list.label(),
                    finding.round,
                    self.by(finding.by, finding.at)
                )),
            ];
            lines.extend(self.life(finding));
            lines.push(Said::Note(self.stands(finding)));
            entry(format!("{}: {item}", finding.severity.label()), lines)
        });
        section("Findings", entries.collect())
    }

    /// What happened to a finding after it was recorded.
    fn life(&self, finding: &Finding) -> Vec<Said> {
        let mut lines = Vec::new();
        for lived in self.lives.of(finding.id) {
            let (what, text) = match &lived.what {
                Step::Recorded => continue,
                Step::Asked { due } => (format!("To be corrected by {}", day(*due)), ""),
                Step::Responded { text } => ("Response".to_owned(), text.as_str()),
                Step::FailedAgain { text, severity } => {
                    let weight = severity.map_or_else(String::new, |severity| {
                        format!(", now {}", severity.label().to_lowercase())
                    });
                    (format!("Looked at again, still wrong{weight}"), &text[..])
                }
                Step::Corrected { text } => ("Corrected".to_owned(), &text[..]),
                Step::Waived { reason } => ("Accepted as it is".to_owned(), reason.inside()),
                Step::Dated { due } => (format!("Let through until {}", day(*due)), ""),
                Step::Reported { text } => ("Reported as corrected".to_owned(), text.as_str()),
                Step::Reminded => ("Developer reminded".to_owned(), ""),
            };
            let who = match lived.by {
                Actor::Person(person) => self.who(person),
                Actor::Clock => "Upgrade Desk".to_owned(),
            };
            lines.push(Said::Note(format!("{what}: {who}, {}", moment(lived.at))));
            lines.extend(written(text));
        }
        lines
    }

    /// Where a finding stands now.
    fn stands(&self, finding: &Finding) -> String {
        match &finding.status {
            FindingStatus::Open { .. } => "Now: open".to_owned(),
            FindingStatus::Responded { .. } => "Now: responded to, not looked at again".to_owned(),
            FindingStatus::Resolved { by, at } => {
                format!("Now: corrected, as seen by {}", self.by(*by, *at))
            }
            FindingStatus::Waived { .. } => "Now: accepted as it is".to_owned(),
            FindingStatus::Dated { due, .. } => format!("Now: to be corrected by {}", day(*due)),
        }
    }

    pub(super) fn checklists(&self) -> Section {
        let mut blocks = Vec::new();
        for kind in ListKind::ALL {
            let Some(sheet) = self.case().sheet(*kind) else {
                continue;
            };
            let heading = format!("{}, template version {}", kind.label(), sheet.version);
            blocks.push(Block::Heading(heading));
            blocks.push(Block::Text(match sheet.passed {
                Some(stamp) => format!("Passed by {}", self.by(stamp.by, stamp.at)),
                None => "Not passed".to_owned(),
            }));
            let template = self.known.lists.get(&(*kind, sheet.version));
            let items = template.into_iter().flat_map(|list| &list.items);
            blocks.extend(items.map(|item| self.checked(sheet, item)));
        }
        section("Checklists", blocks)
    }

    fn checked(&self, sheet: &Sheet, item: &Item) -> Block {
        let Some(mark) = sheet.marks.get(&item.key) else {
            return entry(
                item.label.clone(),
                vec![Said::Note("Not checked".to_owned())],
            );
        };
        let mut lines = vec![Said::Note(format!(
            "{} in round {}: {}",
            mark.verdict.label(),
            mark.round,
            self.by(mark.by, mark.at)
        ))];
        if let Verdict::NotApplicable { reason } = &mark.verdict {
            lines.extend(written(reason.inside()));
        }
        if !mark.evidence.is_empty() {
            lines.push(Said::Text(format!("Evidence: {}", mark.evidence)));
        }
        lines.extend(
            mark.relied
                .as_ref()
                .map(|relied| self.relied(relied))
                .into_iter()
                .flatten(),
        );
        entry(item.label.clone(), lines)
    }

    /// What a verdict relied on, by hash.
    fn relied(&self, relied: &Relied) -> Vec<Said> {
        let revision = relied.revision;
        match &relied.on {
            On::Whole(sha256) => vec![hash(
                &format!("Relied on the whole of revision {revision}, SHA-256"),
                sha256,
            )],
            On::Places(places) => places
                .iter()
                .map(|(place, stood)| {
                    let of = format!("Relied on “{}” of revision {revision}", self.place(place));
                    match stood {
                        Some(sha256) => hash(&format!("{of}, SHA-256"), sha256),
                        None => Said::Note(format!("{of}: nothing stood there")),
                    }
                })
                .collect(),
        }
    }

    /// A place of a revision, in words.
    fn place(&self, place: &str) -> String {
        if place == EVERY_FILE {
            return "All files".to_owned();
        }
        let item = place
            .split_once('/')
            .and_then(|(list, key)| Some((ListKind::from_word(list)?, key)));
        match item {
            Some((list, key)) => format!("Files about: {}", self.item(list, key)),
            None => self.field(place),
        }
    }

    /// What must be so, in words.
    pub(super) fn item(&self, list: ListKind, key: &str) -> String {
        let sheet = self.case().sheet(list);
        let template = sheet.and_then(|sheet| self.known.lists.get(&(list, sheet.version)));
        let item = template.and_then(|template| template.item(key));
        item.map_or_else(|| key.to_owned(), |item| item.label.clone())
    }
}
