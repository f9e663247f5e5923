//! A case: the fold of its events.

use crate::{
    AppId, CaseId, CaseNumber, GrantId, PersonId, QuestionId, Relation, Timestamp,
    checklist::{Finding, FindingStatus, ListKind, Mark, Severity, Sheet, Verdict},
    clock::Clock,
    event::{Acceptance, Actor, Asked, DeclineReason, Event, Pin, Recorded, Submission, Versions},
    ids::FindingId,
    state::{AccessLevel, Missed, Resume, Seat, Stamp, State, Track},
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
    /// Everyone who was ever the assignee: a reopened case goes to someone else.
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
    pub clock: Clock,
    /// Reminders sent since the developer's present turn began.
    pub reminders: u8,
    pub reopened: bool,
}

/// A question of a clarification request and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub id: QuestionId,
    pub pin: Pin,
    pub text: String,
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
    pub text: String,
    pub stamp: Stamp,
}

/// What the approval gave the app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub id: GrantId,
    pub cap: Option<u32>,
    pub status: GrantStatus,
    pub approved: Stamp,
}

/// Whether a grant holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantStatus {
    Active,
    Suspended,
    Revoked,
}

impl Case {
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
            clock: Clock::default(),
            reminders: 0,
            reopened: false,
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

    /// Takes in what happened. Events are facts: this neither checks nor refuses.
    pub fn apply(&mut self, recorded: &Recorded) {
        let at = recorded.at;
        let was = self.state.kind().side();
        self.version += 1;
        if let Actor::Person(by) = recorded.by {
            self.apply_by(&recorded.event, Stamp { by, at });
        } else {
            self.apply_by_clock(&recorded.event, at);
        }
        let side = self.state.kind().side();
        if side != was {
            self.reminders = 0;
        }
        self.clock.pass_to(side, at);
    }

    fn apply_by_clock(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Reminded { .. } => self.reminders = self.reminders.saturating_add(1),
            Event::Lapsed { missed } => self.lapse(*missed, at),
            // Everything else is done by people.
            _ => {}
        }
    }

    fn lapse(&mut self, missed: Missed, at: Timestamp) {
        self.state = State::Lapsed { at, missed };
        self.seats.clear();
    }

    fn apply_by(&mut self, event: &Event, stamp: Stamp) {
        if event.is_review_work() {
            self.reviewers.insert(stamp.by);
        }
        match event {
            Event::Started { .. }
            | Event::DraftEdited { .. }
            | Event::AttachmentAdded { .. }
            | Event::AttachmentRemoved { .. } => {}
            Event::Submitted { submission } => {
                self.submission = Some(submission.clone());
                self.state = State::Submitted;
            }
            Event::Assigned { seat, to, .. } => self.assign(*seat, *to),
            Event::Released { seat, .. } => {
                self.seats.remove(seat);
            }
            Event::ClarificationRequested { questions, due } => self.ask(questions, *due, stamp),
            Event::ClarificationAnswered {
                answers,
                submission,
            } => {
                for answered in answers {
                    if let Some(question) = self
                        .questions
                        .iter_mut()
                        .find(|q| q.id == answered.question)
                    {
                        question.answer = Some(Answer {
                            text: answered.text.clone(),
                            given: stamp,
                        });
                    }
                }
                self.revise(submission.as_ref());
                if let State::Clarification { back_to, .. } = self.state {
                    self.state = match back_to {
                        Resume::Completeness => State::Completeness,
                        Resume::Review => State::Review,
                    };
                }
            }
            Event::ItemChecked {
                list,
                item,
                verdict,
                evidence,
            } => self.mark(*list, item, verdict, evidence, stamp),
            Event::CompletenessConfirmed => {
                self.completeness.passed = Some(stamp);
                self.state = State::Review;
            }
            Event::FindingRecorded { finding } => self.findings.push(finding.clone()),
            Event::FindingWaived { finding, reason } => self.settle(
                *finding,
                FindingStatus::Waived {
                    reason: reason.clone(),
                    by: stamp.by,
                    at: stamp.at,
                },
            ),
            Event::FindingDated { finding, due } => self.settle(
                *finding,
                FindingStatus::Dated {
                    due: *due,
                    by: stamp.by,
                    at: stamp.at,
                },
            ),
            Event::CorrectionsRequested { due } => self.state = State::Corrections { due: *due },
            Event::Resubmitted {
                responses,
                submission,
            } => {
                for response in responses {
                    self.settle(
                        response.finding,
                        FindingStatus::Responded {
                            response: response.text.clone(),
                            by: stamp.by,
                            at: stamp.at,
                        },
                    );
                }
                self.revise(submission.as_ref());
                self.next_round();
                self.state = State::Review;
            }
            Event::TrackPassed {
                track,
                agreement_due,
            } => {
                if let Some(sheet) = self.sheet_mut(ListKind::of(*track)) {
                    sheet.passed = Some(stamp);
                }
                if self.tracks_passed() {
                    self.state = match (&self.acceptance, agreement_due) {
                        (None, Some(due)) => State::Agreement { due: *due },
                        _ => State::Decision,
                    };
                }
            }
            Event::DlaAccepted { acceptance } => {
                self.acceptance = Some(Accepted {
                    acceptance: acceptance.clone(),
                    stamp,
                });
                if matches!(self.state, State::Agreement { .. }) {
                    self.state = State::Decision;
                }
            }
            Event::DeclineProposed { reason, text } => {
                self.decline_proposal = Some(DeclineProposal {
                    reason: *reason,
                    text: text.clone(),
                    stamp,
                });
            }
            Event::Approved { granted } => {
                self.grant = Some(Grant {
                    id: granted.grant,
                    cap: granted.cap,
                    status: GrantStatus::Active,
                    approved: stamp,
                });
                self.end(State::Approved);
            }
            Event::Declined { .. } => self.end(State::Declined { at: stamp.at }),
            Event::Withdrawn { .. } => self.end(State::Withdrawn),
            Event::Reminded { .. } => self.reminders = self.reminders.saturating_add(1),
            Event::Lapsed { missed } => self.lapse(*missed, stamp.at),
            Event::Reopened { to, .. } => {
                self.reopened = true;
                self.decline_proposal = None;
                self.next_round();
                self.completeness = Sheet::new(self.completeness.version);
                self.state = State::Completeness;
                self.assign(Seat::Case, *to);
            }
            Event::GrantSuspended { .. } => self.set_grant(GrantStatus::Suspended),
            Event::GrantReinstated { .. } => self.set_grant(GrantStatus::Active),
            Event::GrantRevoked { .. } => self.set_grant(GrantStatus::Revoked),
        }
    }

    fn assign(&mut self, seat: Seat, to: PersonId) {
        self.seats.insert(seat, to);
        if seat == Seat::Case {
            self.past_assignees.insert(to);
            if matches!(self.state, State::Submitted) {
                self.state = State::Completeness;
            }
        }
    }

    fn ask(&mut self, questions: &[Asked], due: Timestamp, asked: Stamp) {
        self.questions
            .extend(questions.iter().map(|question| Question {
                id: question.id,
                pin: question.pin.clone(),
                text: question.text.clone(),
                asked,
                answer: None,
            }));
        let back_to = match self.state {
            State::Review => Resume::Review,
            _ => Resume::Completeness,
        };
        self.state = State::Clarification { back_to, due };
    }

    fn mark(&mut self, list: ListKind, item: &str, verdict: &Verdict, evidence: &str, by: Stamp) {
        let round = self.round;
        let Some(sheet) = self.sheet_mut(list) else {
            return;
        };
        sheet.marks.insert(
            item.to_owned(),
            Mark {
                verdict: verdict.clone(),
                evidence: evidence.to_owned(),
                by: by.by,
                at: by.at,
                round,
            },
        );
        if matches!(verdict, Verdict::Fail) {
            return;
        }
        for finding in &mut self.findings {
            if finding.list == list && finding.item == item && finding.stands() {
                finding.status = FindingStatus::Resolved {
                    by: by.by,
                    at: by.at,
                };
            }
        }
    }

    fn settle(&mut self, id: FindingId, status: FindingStatus) {
        if let Some(finding) = self.findings.iter_mut().find(|finding| finding.id == id) {
            finding.status = status;
        }
    }

    /// A new round looks again at what failed; what passed stays passed.
    fn next_round(&mut self) {
        self.round = self.round.saturating_add(1);
        for sheet in [Some(&mut self.commercial), self.technical.as_mut()]
            .into_iter()
            .flatten()
        {
            sheet
                .marks
                .retain(|_, mark| !matches!(mark.verdict, Verdict::Fail));
            sheet.passed = None;
        }
    }

    fn revise(&mut self, submission: Option<&Submission>) {
        if let Some(submission) = submission {
            self.submission = Some(submission.clone());
        }
    }

    fn set_grant(&mut self, status: GrantStatus) {
        if let Some(grant) = &mut self.grant {
            grant.status = status;
        }
    }

    fn end(&mut self, state: State) {
        self.state = state;
        self.seats.clear();
    }

    fn sheet_mut(&mut self, list: ListKind) -> Option<&mut Sheet> {
        match list {
            ListKind::Completeness => Some(&mut self.completeness),
            ListKind::Commercial => Some(&mut self.commercial),
            ListKind::Technical => self.technical.as_mut(),
        }
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
