//! A case: the fold of its events.

mod fold;

use crate::{
    AppId, CaseId, CaseNumber, GrantId, Internal, Outward, PersonId, QuestionId, Relation,
    Timestamp,
    checklist::{Finding, FindingStatus, ListKind, Severity, Sheet},
    clock::Turns,
    decide::Context,
    event::{Acceptance, DeclineReason, Event, Pin, Recorded, Submission, Versions},
    relation::words,
    state::{AccessLevel, Seat, Stamp, State, StateKind, Track},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The whole working state of one upgrade application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    pub id: CaseId,
    pub number: CaseNumber,
    pub app: AppId,
    pub level: AccessLevel,
    pub state: State,
    /// How many events have been applied: the version that writers compare.
    pub version: u64,
    /// The pass of the review, from 1.
    pub round: u16,
    pub form_version: u32,
    pub submission: Option<Submission>,
    pub seats: BTreeMap<Seat, PersonId>,
    /// What whoever gave a seat away left for the next holder, until that one has taken a step.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub handed_over: BTreeMap<Seat, HandOver>,
    /// Everyone who was ever the assignee: a reopened case goes to someone else, or says why not.
    pub past_assignees: BTreeSet<PersonId>,
    /// Everyone who did review work: none of them may approve.
    pub reviewers: BTreeSet<PersonId>,
    pub completeness: Sheet,
    pub commercial: Sheet,
    /// Full Access alone.
    pub technical: Option<Sheet>,
    pub findings: Vec<Finding>,
    pub questions: Vec<Question>,
    pub acceptance: Option<Accepted>,
    pub decline_proposal: Option<DeclineProposal>,
    pub grant: Option<Grant>,
    pub clock: Turns,
    /// Reminders sent since the developer's present turn began.
    pub reminders: u8,
    pub reopened: bool,
    /// When its end was appealed against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appealed: Option<Timestamp>,
    /// When the developer was told that the end stays as it is, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appeal_answer: Option<AppealAnswer>,
}

/// What the next holder of a seat is to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    pub note: Internal,
    /// By whom: of what the clock gave back, by who held it.
    pub stamp: Stamp,
}

/// Why an end stays as it is, to the developer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppealAnswer {
    pub text: Outward,
    pub stamp: Stamp,
}

/// A question of a clarification request and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub id: QuestionId,
    pub pin: Pin,
    pub text: Outward,
    pub asked: Stamp,
    pub answer: Option<Answer>,
}

/// What the developer answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub text: String,
    pub given: Stamp,
}

/// An accepted agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    pub acceptance: Acceptance,
    pub stamp: Stamp,
}

/// A reviewer's proposal to decline, for an approver to decide on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclineProposal {
    pub reason: DeclineReason,
    pub text: Internal,
    pub stamp: Stamp,
}

/// What the approval gave the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub id: GrantId,
    pub cap: Option<u32>,
    pub status: GrantStatus,
    pub approved: Stamp,
    /// Since when the cap is what it is, where it was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap_since: Option<Timestamp>,
}

words! {
    /// Whether a grant holds.
    GrantStatus {
        Active = "active",
        Suspended = "suspended",
        Revoked = "revoked",
    }
}

impl GrantStatus {
    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Suspended => "Suspended",
            Self::Revoked => "Revoked",
        }
    }
}

impl StateKind {
    /// The word for where a case stands, in which what has become of its approval counts.
    pub const fn standing(self, grant: Option<GrantStatus>) -> &'static str {
        match (self, grant) {
            (Self::Approved, Some(grant @ (GrantStatus::Suspended | GrantStatus::Revoked))) => {
                grant.label()
            }
            _ => self.label(),
        }
    }
}

impl Case {
    /// The word for where it stands: see [`StateKind::standing`].
    pub fn standing_word(&self) -> &'static str {
        let grant = self.grant.as_ref().map(|grant| grant.status);
        self.state.kind().standing(grant)
    }

    /// A new case from its first event; nothing if that is not [`Event::Started`].
    pub fn start(recorded: &Recorded) -> Option<Self> {
        let Event::Started {
            case,
            number,
            app,
            level,
            versions,
        } = &recorded.event
        else {
            return None;
        };
        let Versions {
            form,
            completeness,
            commercial,
            technical,
        } = *versions;
        Some(Self {
            id: *case,
            number: *number,
            app: *app,
            level: *level,
            state: State::Draft,
            version: 1,
            round: 1,
            form_version: form,
            submission: None,
            seats: BTreeMap::new(),
            handed_over: BTreeMap::new(),
            past_assignees: BTreeSet::new(),
            reviewers: BTreeSet::new(),
            completeness: Sheet::new(completeness),
            commercial: Sheet::new(commercial),
            technical: level
                .tracks()
                .contains(&Track::Technical)
                .then(|| Sheet::new(technical)),
            findings: Vec::new(),
            questions: Vec::new(),
            acceptance: None,
            decline_proposal: None,
            grant: None,
            clock: Turns::default(),
            reminders: 0,
            reopened: false,
            appealed: None,
            appeal_answer: None,
        })
    }

    /// The case that a whole history gives; nothing for an empty history or one that does not begin
    /// with [`Event::Started`].
    pub fn replay<'a>(history: impl IntoIterator<Item = &'a Recorded>) -> Option<Self> {
        let mut history = history.into_iter();
        let mut case = Self::start(history.next()?)?;
        for recorded in history {
            case.apply(recorded);
        }
        Some(case)
    }

    /// The sheet of a list; none for the technical list of an application for Limited Access.
    pub const fn sheet(&self, list: ListKind) -> Option<&Sheet> {
        match list {
            ListKind::Completeness => Some(&self.completeness),
            ListKind::Commercial => Some(&self.commercial),
            ListKind::Technical => self.technical.as_ref(),
        }
    }

    /// Whether the person holds, or has passed, another track than the seat's: commercial and
    /// technical review of one application are worked by different people.
    pub fn works_on_another_track(&self, seat: Seat, person: PersonId) -> bool {
        let others = self.level.tracks().iter();
        seat.track().is_some_and(|own| {
            others.filter(|track| **track != own).any(|track| {
                let passed = self.sheet(ListKind::of(*track)).and_then(|s| s.passed);
                self.seats.get(&Seat::of(*track)) == Some(&person)
                    || passed.is_some_and(|stamp| stamp.by == person)
            })
        })
    }

    /// Whether the person was its assignee or did review work on it, in any round.
    pub fn has_worked_on(&self, person: PersonId) -> bool {
        self.past_assignees.contains(&person) || self.reviewers.contains(&person)
    }

    /// Whether every track of the level is passed.
    pub fn tracks_passed(&self) -> bool {
        self.level.tracks().iter().all(|track| {
            self.sheet(ListKind::of(*track))
                .is_some_and(|sheet| sheet.passed.is_some())
        })
    }

    /// The present assignee.
    pub fn assignee(&self) -> Option<PersonId> {
        self.seats.get(&Seat::Case).copied()
    }

    /// Questions without an answer.
    pub fn open_questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(|q| q.answer.is_none())
    }

    /// Findings that are neither resolved, waived nor dated.
    pub fn standing_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.stands())
    }

    /// Findings that were let through with a day by which they are to be corrected, and the day.
    pub fn dated_findings(&self) -> impl Iterator<Item = (&Finding, Timestamp)> {
        self.findings
            .iter()
            .filter_map(|finding| Some((finding, finding.dated()?)))
    }

    /// Of those, the ones whose developer is to be reminded now: once some business days before
    /// the date, once when it has passed.
    pub fn findings_to_remind<'a>(
        &'a self,
        context: &Context<'_>,
    ) -> impl Iterator<Item = &'a Finding> {
        let (calendar, settings, now) = (context.calendar, context.settings, context.now);
        self.findings.iter().filter(move |finding| {
            let FindingStatus::Dated {
                due,
                reported: None,
                reminders,
                ..
            } = finding.status
            else {
                return false;
            };
            let at = match reminders {
                0 => calendar.before(due, settings.remind_before_days),
                1 => due,
                _ => return false,
            };
            now >= at
        })
    }

    /// Whether an appeal has neither been granted nor answered.
    pub const fn appeal_waits(&self) -> bool {
        self.appealed.is_some() && self.appeal_answer.is_none() && !self.reopened
    }

    /// Standing findings of a list with at least this severity.
    pub fn standing(&self, list: ListKind, least: Severity) -> impl Iterator<Item = &Finding> {
        self.standing_findings()
            .filter(move |finding| finding.list == list && finding.severity >= least)
    }

    /// What a person is to this case by its own record; membership of the app is known elsewhere.
    pub fn relations_of(&self, person: PersonId) -> BTreeSet<Relation> {
        let mut relations: BTreeSet<Relation> = self
            .seats
            .iter()
            .filter(|(_, holder)| **holder == person)
            .map(|(seat, _)| match seat {
                Seat::Case => Relation::Assignee,
                Seat::Commercial => Relation::CommercialSeat,
                Seat::Technical => Relation::TechnicalSeat,
            })
            .collect();
        if self.reviewers.contains(&person) {
            relations.insert(Relation::CaseReviewer);
        }
        relations
    }
}
