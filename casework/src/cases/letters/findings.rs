//! About findings that were let through with a date: to the developer, and to staff.

use super::{Audience, Letter, LetterKind, LetterOf, Quote, Scene};
use crate::words::{count, day};
use std::collections::BTreeSet;
use workflow::{
    FindingId, PersonId,
    checklist::{Finding, FindingStatus},
};

fn still_wrong(text: &str) -> Quote {
    Quote {
        about: "What is still wrong".to_owned(),
        text: text.to_owned(),
    }
}

impl Scene<'_> {
    /// A finding as a letter quotes it: its weight, its date where it has one, the requirement.
    pub(super) fn quoted(&self, finding: &Finding) -> Quote {
        let weight = finding.severity.label();
        let item = self
            .after
            .sheet(finding.list)
            .and_then(|sheet| self.known.lists.get(&(finding.list, sheet.version)))
            .and_then(|list| list.item(&finding.item));
        let about = item.map_or(finding.item.as_str(), |item| item.label.as_str());
        let about = about.trim_end_matches('.');
        Quote {
            about: match finding.dated() {
                Some(due) => format!("{weight}, by {}: {about}", day(due)),
                None => format!("{weight}: {about}"),
            },
            text: finding.text.to_string(),
        }
    }

    /// The same, and what is still wrong with it where it failed again.
    pub(super) fn quoted_as_open(&self, finding: &Finding) -> impl Iterator<Item = Quote> {
        let wrong = finding.returned().map(|wrong| still_wrong(&wrong.text));
        std::iter::once(self.quoted(finding)).chain(wrong)
    }

    fn finding(&self, id: FindingId) -> Option<&Finding> {
        self.after.findings.iter().find(|finding| finding.id == id)
    }

    /// To whoever recorded it or set its date.
    pub(super) fn correction_reported(
        &self,
        id: FindingId,
        text: &str,
    ) -> Option<(Audience, Letter)> {
        let finding = self.finding(id)?;
        let mut people = BTreeSet::from([finding.by]);
        people.extend(dated_by(finding));
        let letter = LetterOf {
            kind: LetterKind::CorrectionReported,
            subject: self.subject("a finding is reported as corrected"),
            happened: format!(
                "The developer of {} says that a finding with a date is corrected.",
                self.app_name
            ),
            next: "Test it again, and record whether it is corrected.".to_owned(),
            quotes: vec![
                self.quoted(finding),
                Quote {
                    about: "What was done".to_owned(),
                    text: text.to_owned(),
                },
            ],
            button: self.case_page("Open the finding", &place_of(finding)),
            facts: self.staff_facts(finding.dated()),
        };
        let because = "You get this because you recorded the finding or set its date.".to_owned();
        Some((Audience::People(people), letter.because(because)))
    }

    /// To the members, what a reviewer saw.
    pub(super) fn finding_retested(
        &self,
        id: FindingId,
        corrected: bool,
        text: &str,
    ) -> Option<(Audience, Letter)> {
        let finding = self.finding(id)?;
        let mut quotes = vec![self.quoted(finding)];
        if !text.is_empty() {
            quotes.push(match corrected {
                true => Quote {
                    about: "What we saw".to_owned(),
                    text: text.to_owned(),
                },
                false => still_wrong(text),
            });
        }
        let (what, happened, next) = if corrected {
            let left = self.after.dated_findings().count();
            (
                "a finding is corrected",
                format!(
                    "We have looked at {} again: a finding is corrected.",
                    self.app_name
                ),
                match left {
                    0 => "Nothing needs doing.".to_owned(),
                    left => format!(
                        "{} still to be corrected; their dates are on the application's page.",
                        match left {
                            1 => "1 finding is".to_owned(),
                            more => format!("{more} findings are"),
                        }
                    ),
                },
            )
        } else {
            (
                "a finding is not corrected yet",
                format!(
                    "We have looked at {} again: a finding is not corrected yet.",
                    self.app_name
                ),
                match finding.dated() {
                    Some(due) => format!(
                        "Correct it by {}, and report it again on the application's page.",
                        day(due)
                    ),
                    None => "Correct it, and report it again on the application's page.".to_owned(),
                },
            )
        };
        Some(self.to_members(LetterOf {
            kind: LetterKind::FindingRetested,
            subject: self.subject(what),
            happened,
            next,
            quotes,
            button: self.application("Open the finding", "#findings"),
            facts: self.facts(finding.dated()),
        }))
    }

    /// To the members, that dates come near or have passed; to the leads where one has passed.
    pub(super) fn findings_due(&self, reminded: &[FindingId]) -> Vec<(Audience, Letter)> {
        let findings: Vec<&Finding> = reminded.iter().filter_map(|id| self.finding(*id)).collect();
        let Some(due) = findings.iter().filter_map(|finding| finding.dated()).min() else {
            return Vec::new();
        };
        let late: Vec<&Finding> = findings
            .iter()
            .copied()
            .filter(|finding| was_reminded_before(finding))
            .collect();
        let number = count(findings.len(), "finding");
        let (subject, happened) = if late.is_empty() {
            (
                format!("{number} to correct by {}", day(due)),
                format!(
                    "{} was approved with {number} to be corrected by a date that comes near.",
                    self.app_name
                ),
            )
        } else {
            (
                format!("{number} to correct, late since {}", day(due)),
                format!(
                    "{} was approved with {number} to be corrected by a date that has passed.",
                    self.app_name
                ),
            )
        };
        let mut letters = vec![
            self.to_members(LetterOf {
                kind: LetterKind::FindingsDue,
                subject: self.subject(&subject),
                happened,
                next: "Correct what is quoted here, and report it on the application's page."
                    .to_owned(),
                quotes: findings
                    .iter()
                    .map(|finding| self.quoted(finding))
                    .collect(),
                button: self.application("Report as corrected", "#findings"),
                facts: self.facts(Some(due)),
            }),
        ];
        if let Some(first) = late.first() {
            let letter = LetterOf {
                kind: LetterKind::FindingsOverdue,
                subject: self.subject("a finding is not corrected by its date"),
                happened: format!(
                    "The developer of {} has not reported {} as corrected by the date set for it.",
                    self.app_name,
                    count(late.len(), "finding")
                ),
                next: "Decide what follows: ask the developer, or suspend the grant.".to_owned(),
                quotes: late.iter().map(|finding| self.quoted(finding)).collect(),
                button: self.case_page("Open the case", &place_of(first)),
                facts: self.staff_facts(Some(due)),
            };
            letters.push((
                Audience::Leads,
                letter.because("You get this because you lead.".to_owned()),
            ));
        }
        letters
    }
}

/// The second reminder of a finding is sent when its date has passed.
const fn was_reminded_before(finding: &Finding) -> bool {
    matches!(finding.status, FindingStatus::Dated { reminders, .. } if reminders > 1)
}

const fn dated_by(finding: &Finding) -> Option<PersonId> {
    match finding.status {
        FindingStatus::Dated { by, .. } => Some(by),
        FindingStatus::Open { .. }
        | FindingStatus::Responded { .. }
        | FindingStatus::Resolved { .. }
        | FindingStatus::Waived { .. } => None,
    }
}

fn place_of(finding: &Finding) -> String {
    format!("?open={}#finding-{}", finding.list.word(), finding.id)
}
