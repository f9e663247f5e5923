//! What staff checked and found, and what became of it.

use super::{Record, entry, section, written};
use crate::words::{day, moment};
use paper::{Block, Said, Section};
use workflow::{
    Event, Timestamp,
    checklist::{Finding, FindingStatus, Item, ListKind, Sheet, Verdict},
};

impl Record<'_> {
    pub(super) fn findings(&self) -> Section {
        let entries = self.case().findings.iter().map(|finding| {
            let item = self.item(finding.list, &finding.item);
            let mut lines = vec![
                Said::Text(finding.text.clone()),
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

    /// What happened to a finding after it was recorded, from the trail: its status tells the last
    /// of it alone.
    fn life(&self, finding: &Finding) -> Vec<Said> {
        let mut lines = Vec::new();
        for (row, event) in self.told() {
            let Some((what, text)) = of_life(finding, &event) else {
                continue;
            };
            let who = super::trail::who(&self.names, &row.actor);
            let at = moment(Timestamp::from_micros(row.at));
            lines.push(Said::Note(format!("{what}: {who}, {at}")));
            lines.extend(written(&text));
        }
        lines
    }

    /// Where a finding stands now.
    fn stands(&self, finding: &Finding) -> String {
        match &finding.status {
            FindingStatus::Open => "Now: open".to_owned(),
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
            lines.extend(written(reason));
        }
        if !mark.evidence.is_empty() {
            lines.push(Said::Text(format!("Evidence: {}", mark.evidence)));
        }
        entry(item.label.clone(), lines)
    }

    /// What must be so, in words.
    pub(super) fn item(&self, list: ListKind, key: &str) -> String {
        let sheet = self.case().sheet(list);
        let template = sheet.and_then(|sheet| self.known.lists.get(&(list, sheet.version)));
        let item = template.and_then(|template| template.item(key));
        item.map_or_else(|| key.to_owned(), |item| item.label.clone())
    }
}

/// What an event says of a finding, if anything, and what was written with it.
fn of_life(finding: &Finding, event: &Event) -> Option<(String, String)> {
    let id = finding.id;
    let said = |what: &str, text: &str| Some((what.to_owned(), text.to_owned()));
    match event {
        Event::Resubmitted { responses, .. } => {
            let response = responses.iter().find(|response| response.finding == id)?;
            said("Response", &response.text)
        }
        Event::FindingWaived { finding, .. } if *finding == id => {
            said("Accepted as it is", event.reason().unwrap_or_default())
        }
        Event::FindingDated { finding, due } if *finding == id => {
            said(&format!("To be corrected by {}", day(*due)), "")
        }
        Event::CorrectionReported { finding, .. } if *finding == id => {
            said("Reported as corrected", event.reason().unwrap_or_default())
        }
        Event::FindingRetested {
            finding, corrected, ..
        } if *finding == id => {
            let what = if *corrected {
                "Looked at again, corrected"
            } else {
                "Looked at again, still wrong"
            };
            said(what, event.reason().unwrap_or_default())
        }
        Event::FindingsReminded { findings } if findings.contains(&id) => {
            said("The developer was reminded", "")
        }
        _ => None,
    }
}
