//! To the developer. Nobody on our side is named, and nothing of our own deliberations is told.

use super::{Audience, Letter, LetterKind, LetterOf, Quote, Scene};
use crate::words::{count, day};
use time::Duration;
use workflow::{
    State, StateKind, Timestamp,
    event::{Asked, DeclineReason, Pin},
    state::{Missed, Seat},
};

impl Scene<'_> {
    pub(super) fn submitted(&self) -> (Audience, Letter) {
        self.to_members(LetterOf {
            kind: LetterKind::Submitted,
            subject: self.subject("application received"),
            happened: format!(
                "We have received {}'s application for {}.",
                self.app_name,
                self.level()
            ),
            next: format!(
                "Nothing needs doing now: we check first that it is complete, and aim to finish \
                 the whole review within {} of our own time.",
                count(self.known.settings.review_days, "business day")
            ),
            quotes: Vec::new(),
            button: self.application("Follow the application", ""),
            facts: self.facts(None),
        })
    }

    pub(super) fn clarification_requested(
        &self,
        questions: &[Asked],
        due: Timestamp,
    ) -> (Audience, Letter) {
        let form = self.known.forms.get(&self.after.form_version);
        let about = |pin: &Pin| match pin {
            Pin::Case => "About the application".to_owned(),
            Pin::Field { key } => form.and_then(|form| form.field(key)).map_or_else(
                || "About your answer".to_owned(),
                |field| field.label.clone(),
            ),
            Pin::Item { list, key } => self
                .after
                .sheet(*list)
                .and_then(|sheet| self.known.lists.get(&(*list, sheet.version)))
                .and_then(|list| list.item(key))
                .map_or_else(
                    || "About a requirement".to_owned(),
                    |item| item.label.clone(),
                ),
        };
        let number = count(questions.len(), "question");
        self.to_members(LetterOf {
            kind: LetterKind::ClarificationRequested,
            subject: self.subject(&format!("{number} to answer by {}", day(due))),
            happened: format!(
                "We have {number} about {}'s application for {}.",
                self.app_name,
                self.level()
            ),
            next: format!(
                "Answer by {}; the review goes on as soon as you have.",
                day(due)
            ),
            quotes: questions
                .iter()
                .map(|question| Quote {
                    about: about(&question.pin),
                    text: question.text.to_string(),
                })
                .collect(),
            button: self.application("Answer", "/answer"),
            facts: self.facts(Some(due)),
        })
    }

    pub(super) fn corrections_requested(&self, due: Timestamp) -> (Audience, Letter) {
        let findings: Vec<_> = self.after.findings.iter().filter(|f| f.is_open()).collect();
        let number = count(findings.len(), "finding");
        self.to_members(LetterOf {
            kind: LetterKind::CorrectionsRequested,
            subject: self.subject(&format!("{number} to correct by {}", day(due))),
            happened: format!(
                "Our review of {} recorded {number} that must be put right.",
                self.app_name
            ),
            next: format!(
                "{}, and resubmit by {}.{}",
                match findings.len() {
                    1 => "Correct it, say what was done",
                    _ => "Correct them, say for each what was done",
                },
                day(due),
                match self.after.dated_findings().next() {
                    Some(_) => " What has a date of its own may follow until then.",
                    None => "",
                }
            ),
            quotes: findings
                .iter()
                .flat_map(|finding| self.quoted_as_open(finding))
                .chain(
                    self.after
                        .dated_findings()
                        .map(|(finding, _)| self.quoted(finding)),
                )
                .collect(),
            button: self.application("Respond and resubmit", "/corrections"),
            facts: self.facts(Some(due)),
        })
    }

    pub(super) fn agreement_open(&self) -> (Audience, Letter) {
        let (_, letter) = self.to_members(LetterOf {
            kind: LetterKind::AgreementOpen,
            subject: self.subject("the agreement can be accepted"),
            happened: format!(
                "{}'s application is complete and the review has begun.",
                self.app_name
            ),
            next: "You can read and accept the Data Licensing Agreement any time from now; access \
                   needs both the agreement and the review."
                .to_owned(),
            quotes: Vec::new(),
            button: self.application("Read the agreement", "/agreement"),
            facts: self.facts(None),
        });
        (Audience::Signatories, letter)
    }

    pub(super) fn agreement_ready(&self, due: Timestamp) -> (Audience, Letter) {
        let (_, letter) = self.to_members(LetterOf {
            kind: LetterKind::AgreementReady,
            subject: self.subject(&format!("accept the agreement by {}", day(due))),
            happened: format!(
                "The review of {} is done; the Data Licensing Agreement is ready for you.",
                self.app_name
            ),
            next: format!("Read it whole and accept it by {}.", day(due)),
            quotes: Vec::new(),
            button: self.application("Read and accept", "/agreement"),
            facts: self.facts(Some(due)),
        });
        (Audience::Signatories, letter)
    }

    pub(super) fn approved(&self, cap: Option<u32>) -> (Audience, Letter) {
        let mut facts = self.facts(None);
        if let Some(cap) = cap {
            facts.push(("Authorised users", format!("at most {cap}")));
        }
        let dated: Vec<_> = self
            .after
            .dated_findings()
            .map(|(finding, _)| self.quoted(finding))
            .collect();
        let use_it = "The app's page shows the access and how to use it.";
        let (next, button) = match dated.len() {
            0 => (use_it.to_owned(), self.app_page("See the app's access")),
            findings => (
                format!(
                    "{use_it} {} to be corrected by the date beside it; report it on the application's page.",
                    match findings {
                        1 => "One finding is still".to_owned(),
                        more => format!("{more} findings are still, each"),
                    }
                ),
                self.application("See what is to be corrected", "#findings"),
            ),
        };
        self.to_members(LetterOf {
            kind: LetterKind::Approved,
            subject: self.subject(&format!("{} approved", self.level())),
            happened: format!("{} now has {}.", self.app_name, self.level()),
            next,
            quotes: dated,
            button,
            facts,
        })
    }

    /// The last day for an appeal against the end of the case.
    fn appeal_until(&self) -> String {
        let days = Duration::days(i64::from(self.known.settings.appeal_days));
        let end = match self.after.state {
            State::Declined { at } | State::Lapsed { at, .. } => at,
            _ => Timestamp::default(),
        };
        day(end.plus(days))
    }

    pub(super) fn declined(&self, reason: DeclineReason, text: &str) -> (Audience, Letter) {
        let appeal = if self.after.reopened {
            "The decision is final for this application; you may apply again from the app's page."
                .to_owned()
        } else {
            format!(
                "If you think this is wrong, appeal by {} from the application's page; you may also apply again.",
                self.appeal_until()
            )
        };
        self.to_members(LetterOf {
            kind: LetterKind::Declined,
            subject: self.subject("application declined"),
            happened: format!(
                "We have declined {}'s application for {}.",
                self.app_name,
                self.level()
            ),
            next: appeal,
            quotes: vec![Quote {
                about: reason.label().to_owned(),
                text: text.to_owned(),
            }],
            button: self.application("Read the decision", ""),
            facts: self.facts(None),
        })
    }

    pub(super) fn withdrawn(&self, reason: &str) -> (Audience, Letter) {
        let (app, level) = (self.app_name, self.level());
        let who = self.actor.unwrap_or("A member of the app");
        let (what, happened) = if self.after.clock.started().is_some() {
            (
                "application withdrawn",
                format!("{who} has withdrawn {app}'s application for {level}."),
            )
        } else {
            (
                "draft discarded",
                format!(
                    "{who} has discarded the draft of {app}'s application for {level}. We had not seen it."
                ),
            )
        };
        self.to_members(LetterOf {
            kind: LetterKind::Withdrawn,
            subject: self.subject(what),
            happened,
            next: "Nothing needs doing; you may apply again at any time.".to_owned(),
            quotes: Some(reason)
                .filter(|reason| !reason.trim().is_empty())
                .map(|reason| Quote {
                    about: "Reason".to_owned(),
                    text: reason.to_owned(),
                })
                .into_iter()
                .collect(),
            button: self.app_page("Open the app"),
            facts: self.facts(None),
        })
    }

    /// That it is their turn; none where it is not.
    pub(super) fn reminder(&self, overdue: bool) -> Option<(Audience, Letter)> {
        let due = self.after.state.developer_due()?;
        let (task, button) = match self.after.state.kind() {
            StateKind::Corrections => (
                "your corrections",
                self.application("Respond and resubmit", "/corrections"),
            ),
            StateKind::Agreement => (
                "your acceptance of the agreement",
                self.application("Read and accept", "/agreement"),
            ),
            _ => ("your answers", self.application("Answer", "/answer")),
        };
        let end = self.known.calendar.due(due, self.known.settings.grace_days);
        let (happened, next) = if overdue {
            (
                format!(
                    "{}'s application has been waiting for {task} since {}.",
                    self.app_name,
                    day(due)
                ),
                format!("Act by {}; after that the application lapses.", day(end)),
            )
        } else {
            (
                format!("{}'s application is waiting for {task}.", self.app_name),
                format!("The date for it is {}.", day(due)),
            )
        };
        let what = if overdue {
            format!("overdue, lapses after {}", day(end))
        } else {
            format!("due by {}", day(due))
        };
        Some(self.to_members(LetterOf {
            kind: LetterKind::Reminder,
            subject: self.subject(&what),
            happened,
            next,
            quotes: Vec::new(),
            button,
            facts: self.facts(Some(if overdue { end } else { due })),
        }))
    }

    pub(super) fn reminded(&self, overdue: bool) -> Vec<(Audience, Letter)> {
        let Some(due) = self.after.state.developer_due() else {
            return Vec::new();
        };
        let end = self.known.calendar.due(due, self.known.settings.grace_days);
        let mut letters: Vec<_> = self.reminder(overdue).into_iter().collect();
        if overdue {
            letters.extend(self.to_seats(
                &[Seat::Case],
                LetterOf {
                    kind: LetterKind::DeveloperOverdue,
                    subject: self.subject("the developer is overdue"),
                    happened: format!(
                        "The developer of {} has not acted by {}.",
                        self.app_name,
                        day(due)
                    ),
                    next: format!(
                        "Nothing needs doing; the case lapses by itself after {}.",
                        day(end)
                    ),
                    quotes: Vec::new(),
                    button: self.case_page("Open the case", ""),
                    facts: self.staff_facts(Some(due)),
                },
            ));
        }
        letters
    }

    pub(super) fn lapsed(&self, missed: Missed) -> (Audience, Letter) {
        let what = match missed {
            Missed::Clarification => "our questions were not answered",
            Missed::Corrections => "the corrections did not arrive",
            Missed::Agreement => "the agreement was not accepted",
        };
        let next = if self.after.reopened {
            "You may apply again from the app's page.".to_owned()
        } else {
            format!(
                "If you still want it, appeal by {} from the application's page to have it \
                 reopened, or apply again.",
                self.appeal_until()
            )
        };
        self.to_members(LetterOf {
            kind: LetterKind::Lapsed,
            subject: self.subject("application lapsed"),
            happened: format!(
                "{}'s application for {} has lapsed because {what} in time.",
                self.app_name,
                self.level()
            ),
            next,
            quotes: Vec::new(),
            button: self.application("Open the application", ""),
            facts: self.facts(None),
        })
    }

    pub(super) fn appeal_answered(&self, text: &str) -> (Audience, Letter) {
        self.to_members(LetterOf {
            kind: LetterKind::AppealAnswered,
            subject: self.subject("your appeal: the end stays as it is"),
            happened: format!(
                "We have read the appeal against the end of {}'s application for {}, and it stays as it is.",
                self.app_name,
                self.level()
            ),
            next: "This is the end of this application; you may apply again from the app's page."
                .to_owned(),
            quotes: vec![Quote {
                about: "Why".to_owned(),
                text: text.to_owned(),
            }],
            button: self.application("Open the application", ""),
            facts: self.facts(None),
        })
    }

    pub(super) fn reopened(&self) -> (Audience, Letter) {
        self.to_members(LetterOf {
            kind: LetterKind::Reopened,
            subject: self.subject("application reopened"),
            happened: format!(
                "We have reopened {}'s application for {}.",
                self.app_name,
                self.level()
            ),
            next:
                "Nothing needs doing now; someone who has not handled it before looks at it anew."
                    .to_owned(),
            quotes: Vec::new(),
            button: self.application("Follow the application", ""),
            facts: self.facts(None),
        })
    }

    pub(super) fn cap_changed(&self, cap: u32, reason: &str) -> (Audience, Letter) {
        let users = count(cap, "authorised user");
        let what = format!("is for at most {users} now");
        let next = format!(
            "Those who have authorised the app stay, even where they are more than that. Others can while fewer than {cap} have."
        );
        self.grant(LetterKind::CapChanged, &what, &next, reason)
    }

    pub(super) fn grant(
        &self,
        kind: LetterKind,
        what: &str,
        next: &str,
        reason: &str,
    ) -> (Audience, Letter) {
        self.to_members(LetterOf {
            kind,
            subject: self.subject(&format!("{} {what}", self.level())),
            happened: format!("The {} of {} {what}.", self.level(), self.app_name),
            next: next.to_owned(),
            quotes: vec![Quote {
                about: "Reason".to_owned(),
                text: reason.to_owned(),
            }],
            button: self.app_page("See the app's access"),
            facts: self.facts(None),
        })
    }
}
