//! To staff.

use super::{Audience, Letter, LetterKind, LetterOf, Scene};
use crate::{
    post::Quote,
    words::{count, day},
};
use std::collections::BTreeSet;
use workflow::{PersonId, Recorded, StateKind, Timestamp, checklist::FindingStatus, state::Seat};

impl Scene<'_> {
    pub(super) fn assigned(
        &self,
        seat: Seat,
        to: PersonId,
        actor: Option<PersonId>,
    ) -> Vec<(Audience, Letter)> {
        // Who takes a case for herself needs no mail to learn of it.
        if actor == Some(to) {
            return Vec::new();
        }
        let due = crate::store::due(self.after, self.known);
        let letter = LetterOf {
            kind: LetterKind::Assigned,
            subject: self.subject("assigned to you"),
            happened: format!(
                "You are now the {} of {}'s application for {}.",
                seat.label().to_lowercase(),
                self.app_name,
                self.level()
            ),
            next: match due {
                Some(due) => format!("Take it up; it is due {}.", day(due)),
                None => "Take it up when you can.".to_owned(),
            },
            quotes: Vec::new(),
            button: self.case_page("Open the case", ""),
            facts: self.staff_facts(due),
        };
        vec![(
            Audience::People(BTreeSet::from([to])),
            letter.because(
                "You get this because the case was assigned to you by someone else.".to_owned(),
            ),
        )]
    }

    /// To the leads, where the holder of a seat cannot work any more, or is away for now.
    pub(super) fn given_back(&self, seat: Seat, away: Option<Timestamp>) -> (Audience, Letter) {
        let due = crate::store::due(self.after, self.known);
        let why = match away {
            Some(until) => format!("is away until {}", day(until)),
            None => "has no account, or no longer the role for it".to_owned(),
        };
        let letter = LetterOf {
            kind: LetterKind::WorkGivenBack,
            subject: self.subject("waits for someone to take it"),
            happened: format!(
                "The {} of {}'s application for {} {why}; the case is without one.",
                seat.label().to_lowercase(),
                self.app_name,
                self.level()
            ),
            next: match due {
                Some(due) => format!("Assign it to someone; it is due {}.", day(due)),
                None => "Assign it to someone.".to_owned(),
            },
            quotes: Vec::new(),
            button: self.case_page("Open the case", ""),
            facts: self.staff_facts(due),
        };
        (
            Audience::Leads,
            letter.because("You get this because you lead.".to_owned()),
        )
    }

    /// To the leads, who alone can reopen what has ended.
    pub(super) fn appealed(&self, text: &str) -> (Audience, Letter) {
        let letter = LetterOf {
            kind: LetterKind::AppealArrived,
            subject: self.subject("an appeal"),
            happened: format!(
                "The developer of {} appeals against the end of the application for {}.",
                self.app_name,
                self.level()
            ),
            next: "Read it, and reopen the case for somebody who has not handled it, or answer the developer why it stays as it is."
                .to_owned(),
            quotes: vec![Quote {
                about: "The appeal".to_owned(),
                text: text.to_owned(),
            }],
            button: self.case_page("Open the case", ""),
            facts: self.staff_facts(None),
        };
        (
            Audience::Leads,
            letter.because("You get this because you lead.".to_owned()),
        )
    }

    /// A letter to whoever holds one of these seats, before or after the step.
    pub(super) fn to_seats(&self, seats: &[Seat], letter: LetterOf) -> Option<(Audience, Letter)> {
        let holders: BTreeSet<PersonId> = seats
            .iter()
            .filter_map(|seat| {
                let after = self.after.seats.get(seat);
                after.or_else(|| self.before.seats.get(seat)).copied()
            })
            .collect();
        (!holders.is_empty()).then(|| {
            (
                Audience::People(holders),
                letter.because("You get this because you work on this case.".to_owned()),
            )
        })
    }

    /// To the assignee and to whoever asked.
    pub(super) fn answer_arrived(
        &self,
        answers: usize,
        recorded: &Recorded,
    ) -> Vec<(Audience, Letter)> {
        let mut people: BTreeSet<PersonId> = self
            .after
            .questions
            .iter()
            .filter(|question| {
                question
                    .answer
                    .as_ref()
                    .is_some_and(|answer| answer.given.at == recorded.at)
            })
            .map(|question| question.asked.by)
            .collect();
        people.extend(self.after.assignee());
        people.extend(self.holders_of_reopened());
        let reopened = self.reopened_facts();
        let what = match reopened.is_empty() {
            true => "Go on with the review",
            false => {
                "Look at what the answers changed, confirm the checks that relied on it, and go on"
            }
        };
        let due = crate::store::due(self.after, self.known);
        let number = count(answers, "answer");
        let letter = LetterOf {
            kind: LetterKind::AnswerArrived,
            subject: self.subject(&format!("{number} arrived")),
            happened: format!("The developer of {} has sent {number}.", self.app_name),
            next: match due {
                Some(due) => format!("{what}; the case is due {}.", day(due)),
                None => format!("{what}."),
            },
            quotes: Vec::new(),
            button: self.case_page("Read the answers", "?left=questions&half=left"),
            facts: self.staff_facts(due).into_iter().chain(reopened).collect(),
        };
        vec![(
            Audience::People(people),
            letter.because("You get this because you asked, or work on this case.".to_owned()),
        )]
    }

    pub(super) fn resubmitted(&self, responses: usize) -> Vec<(Audience, Letter)> {
        let due = crate::store::due(self.after, self.known);
        let place = self.after.findings.iter().rev().find_map(|finding| {
            matches!(finding.status, FindingStatus::Responded { .. }).then(|| {
                let list = finding.list.word();
                format!("?open={list}#{list}")
            })
        });
        let place = place.unwrap_or_default();
        let reopened = self.reopened_facts();
        let what = match reopened.is_empty() {
            true => "Check again what failed",
            false => {
                "Check again what failed, and confirm the checks that relied on what was changed"
            }
        };
        self.to_seats(
            &[Seat::Case, Seat::Commercial, Seat::Technical],
            LetterOf {
                kind: LetterKind::Resubmitted,
                subject: self.subject(&format!("resubmitted, round {}", self.after.round)),
                happened: format!(
                    "The developer of {} has resubmitted with {}.",
                    self.app_name,
                    count(responses, "response")
                ),
                next: match due {
                    Some(due) => format!("{what}; the case is due {}.", day(due)),
                    None => format!("{what}."),
                },
                quotes: Vec::new(),
                button: self.case_page("Read the responses", &place),
                facts: self.staff_facts(due).into_iter().chain(reopened).collect(),
            },
        )
        .into_iter()
        .collect()
    }

    pub(super) fn dla_accepted(&self) -> Vec<(Audience, Letter)> {
        let next = if self.after.state.kind() == StateKind::Decision {
            "Nothing needs doing; an approver decides now."
        } else {
            "Nothing needs doing; the review goes on."
        };
        self.to_seats(
            &[Seat::Case],
            LetterOf {
                kind: LetterKind::DlaAccepted,
                subject: self.subject("agreement accepted"),
                happened: if self.organisation.is_empty() {
                    let app = self.app_name;
                    format!("The developer of {app} has accepted the Data Licensing Agreement.")
                } else {
                    format!(
                        "{} has accepted the Data Licensing Agreement for {}.",
                        self.organisation, self.app_name
                    )
                },
                next: next.to_owned(),
                quotes: Vec::new(),
                button: self.case_page("Open the case", "#agreement"),
                facts: self.staff_facts(None),
            },
        )
        .into_iter()
        .collect()
    }

    /// To the approvers, once a case has come to stand in Decision.
    pub(super) fn decision_waits(&self) -> Option<(Audience, Letter)> {
        if self.after.state.kind() != StateKind::Decision {
            return None;
        }
        let due = crate::store::due(self.after, self.known);
        let letter = LetterOf {
            kind: LetterKind::DecisionWaits,
            subject: self.subject("waits for a decision"),
            happened: format!(
                "{}'s application for {} has passed its review, and the agreement is accepted.",
                self.app_name,
                self.level()
            ),
            next: match due {
                Some(due) => format!(
                    "Read the trail and decide; the date for it is {}.",
                    day(due)
                ),
                None => "Read the trail and decide.".to_owned(),
            },
            quotes: Vec::new(),
            button: self.case_page("Open the case", "?open=decision#decision"),
            facts: self.staff_facts(due),
        };
        Some((
            Audience::Approvers,
            letter.because(
                "You get this because you are an approver and did not review this case.".to_owned(),
            ),
        ))
    }

    /// To those who hold the case, about our own date; to the leads where nobody does.
    pub fn our_date(&self, due: Timestamp, passed: bool) -> Letter {
        let (kind, what, happened, next) = if passed {
            (
                LetterKind::Overdue,
                "overdue".to_owned(),
                format!(
                    "{}'s application for {} should have moved on by {}.",
                    self.app_name,
                    self.level(),
                    day(due)
                ),
                "Take the next step, or release the case for someone else.".to_owned(),
            )
        } else {
            (
                LetterKind::DueSoon,
                format!("due {}", day(due)),
                format!(
                    "{}'s application for {} is waiting for you.",
                    self.app_name,
                    self.level()
                ),
                format!("Take the next step by {}.", day(due)),
            )
        };
        LetterOf {
            kind,
            subject: self.subject(&what),
            happened,
            next,
            quotes: Vec::new(),
            button: self.case_page("Open the case", ""),
            facts: self.staff_facts(Some(due)),
        }
        .because("You get this because you hold the case, or nobody does and you lead.".to_owned())
    }
}
