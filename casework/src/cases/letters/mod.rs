//! Which letters follow from what happened to a case, and to whom.

mod developer;
mod due;
mod findings;
mod post;
mod reopened;
mod staff;
mod stuck;

pub use due::post_due_dates;
pub(crate) use due::{at_work, holders};
pub(crate) use post::{post, post_beside, remind};

use crate::{
    post::{Button, Letter, LetterKind, Quote},
    reference::Known,
    words::day,
};
use std::collections::BTreeSet;
use url::Url;
use workflow::{
    Case, Event, PersonId, Recorded, State, Timestamp,
    state::{AccessLevel, Seat},
};

/// To whom a letter about a case goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Every member of the app.
    Members,
    /// The owners who may sign for the organisation; all owners where there is none.
    Signatories,
    People(BTreeSet<PersonId>),
    /// Everyone who leads.
    Leads,
    /// Everyone who could decide: approvers who have not reviewed the case.
    Approvers,
}

/// What letters are written from.
pub(crate) struct Scene<'a> {
    pub base_url: &'a Url,
    pub known: &'a Known,
    pub app_name: &'a str,
    pub organisation: &'a str,
    /// Who took the step; none for the desk's clock.
    pub actor: Option<&'a str>,
    /// Before the step: who held which seat.
    pub before: &'a Case,
    /// After it.
    pub after: &'a Case,
}

impl Scene<'_> {
    /// The letters that follow from one event.
    pub fn letters(&self, recorded: &Recorded) -> Vec<(Audience, Letter)> {
        let actor = recorded.by.person();
        match &recorded.event {
            Event::Submitted { .. } => vec![self.submitted()],
            // Of what a person gives back nobody is written to.
            Event::Released { seat, away, .. } if actor.is_none() => {
                vec![self.given_back(*seat, *away)]
            }
            Event::Assigned { seat, to, .. } => self.assigned(*seat, *to, actor),
            Event::Appealed { text } => vec![self.appealed(text)],
            Event::Reopened { to, .. } => {
                let mut letters = vec![self.reopened()];
                letters.extend(self.assigned(Seat::Case, *to, actor));
                letters
            }
            Event::ClarificationRequested { questions, due } => {
                vec![self.clarification_requested(questions, *due)]
            }
            Event::ClarificationAnswered { answers, .. } => {
                self.answer_arrived(answers.len(), recorded)
            }
            Event::CompletenessConfirmed
                if self.after.level == AccessLevel::Full && self.after.acceptance.is_none() =>
            {
                vec![self.agreement_open()]
            }
            Event::CorrectionReported { finding, text } => {
                self.correction_reported(*finding, text).into_iter().collect()
            }
            // What is seen while the review runs is told by its end.
            Event::FindingRetested {
                finding,
                corrected,
                text,
                ..
            } if self.after.state == State::Approved => {
                self.finding_retested(*finding, *corrected, text).into_iter().collect()
            }
            Event::FindingsReminded { findings } => self.findings_due(findings),
            Event::AppealAnswered { text } => vec![self.appeal_answered(text)],
            Event::CorrectionsRequested { due } => vec![self.corrections_requested(*due)],
            Event::Resubmitted { responses, .. } => self.resubmitted(responses.len()),
            Event::TrackPassed { agreement_due, .. } => {
                let mut letters: Vec<_> = agreement_due
                    .map(|due| self.agreement_ready(due))
                    .into_iter()
                    .collect();
                letters.extend(self.decision_waits());
                letters
            }
            Event::DlaAccepted { .. } => {
                let mut letters = self.dla_accepted();
                letters.extend(self.decision_waits());
                letters
            }
            Event::Approved { granted } => vec![self.approved(granted.cap)],
            Event::Declined { reason, text, .. } => vec![self.declined(*reason, text)],
            Event::Withdrawn { reason, .. } => vec![self.withdrawn(reason)],
            Event::Reminded { overdue } => self.reminded(*overdue),
            Event::Lapsed { missed } => vec![self.lapsed(*missed)],
            Event::GrantSuspended { reason, .. } => vec![self.grant(
                LetterKind::GrantSuspended,
                "is suspended",
                "Production access stops until it is reinstated; the app's page says where it stands.",
                reason,
            )],
            Event::GrantReinstated { reason, .. } => vec![self.grant(
                LetterKind::GrantReinstated,
                "is active again",
                "Nothing needs doing; production access works as before.",
                reason,
            )],
            Event::GrantRevoked { reason, .. } => vec![self.grant(
                LetterKind::GrantRevoked,
                "has been revoked",
                "The app is back at sandbox access; you may apply again from its page.",
                reason,
            )],
            Event::CapChanged { cap, reason, .. } => vec![self.cap_changed(*cap, reason)],
            // Nobody is written to about these.
            Event::Started { .. }
            | Event::DraftEdited { .. }
            | Event::AttachmentAdded { .. }
            | Event::AttachmentRemoved { .. }
            | Event::Released { .. }
            | Event::ItemChecked { .. }
            | Event::CompletenessConfirmed
            | Event::FindingRecorded { .. }
            | Event::FindingWaived { .. }
            | Event::FindingDated { .. }
            | Event::FindingRetested { .. }
            | Event::DeclineProposed { .. } => Vec::new(),
        }
    }

    /// What the level is to the case: once it was granted, nothing is asked for any more.
    fn asks_for(&self) -> &'static str {
        if self.after.grant.is_some() {
            "Access"
        } else {
            "Asks for"
        }
    }

    fn level(&self) -> &'static str {
        self.after.level.label()
    }

    fn link(&self, path: &str) -> Url {
        // Our own paths always join; if the base could not be one, its own address is still a way
        // in.
        self.base_url
            .join(path)
            .unwrap_or_else(|_| self.base_url.clone())
    }

    fn application(&self, label: &'static str, place: &str) -> Button {
        Button {
            label,
            link: self.link(&format!("/applications/{}{place}", self.after.number)),
        }
    }

    fn case_page(&self, label: &'static str, place: &str) -> Button {
        Button {
            label,
            link: self.link(&format!("/cases/{}{place}", self.after.number)),
        }
    }

    fn app_page(&self, label: &'static str) -> Button {
        Button {
            label,
            link: self.link(&format!("/apps/{}", self.after.app)),
        }
    }

    fn facts(&self, due: Option<Timestamp>) -> Vec<(&'static str, String)> {
        let mut facts = vec![
            ("Application", self.after.number.to_string()),
            ("App", self.app_name.to_owned()),
            (self.asks_for(), self.level().to_owned()),
        ];
        if let Some(due) = due {
            facts.push(("By", day(due)));
        }
        facts
    }

    fn staff_facts(&self, due: Option<Timestamp>) -> Vec<(&'static str, String)> {
        let mut facts = vec![
            ("Case", self.after.number.to_string()),
            ("App", self.app_name.to_owned()),
            ("Organisation", self.organisation.to_owned()),
            (self.asks_for(), self.level().to_owned()),
            ("State", self.after.standing_word().to_owned()),
            ("Round", self.after.round.to_string()),
        ];
        if let Some(due) = due {
            facts.push(("Due", day(due)));
        }
        facts
    }

    fn to_members(&self, letter: LetterOf) -> (Audience, Letter) {
        let because = format!(
            "You get this because you are a member of {}.",
            self.app_name
        );
        (Audience::Members, letter.because(because))
    }

    fn subject(&self, what: &str) -> String {
        format!("{}: {what} ({})", self.app_name, self.after.number)
    }
}

/// A letter but for why its reader gets it.
struct LetterOf {
    kind: LetterKind,
    subject: String,
    happened: String,
    next: String,
    quotes: Vec<Quote>,
    button: Button,
    facts: Vec<(&'static str, String)>,
}

impl LetterOf {
    fn because(self, because: String) -> Letter {
        Letter {
            kind: self.kind,
            link_hash: None,
            subject: self.subject,
            happened: self.happened,
            next: self.next,
            quotes: self.quotes,
            button: self.button,
            facts: self.facts,
            because,
        }
    }
}
