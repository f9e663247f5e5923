//! How each event changes a case.

use super::{
    Accepted, Answer, AppealAnswer, Case, DeclineProposal, Grant, GrantStatus, HandOver, Question,
};
use crate::{
    Internal, PersonId, Timestamp,
    checklist::{Correction, FindingStatus, ListKind, Mark, Severity, Sheet, StillWrong, Verdict},
    event::{Actor, Asked, Event, Recorded, Submission},
    ids::FindingId,
    state::{Missed, Resume, Seat, Stamp, State},
};

impl Case {
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
            Event::FindingsReminded { findings } => self.reminded_of(findings),
            Event::Lapsed { missed } => self.lapse(*missed, at),
            Event::Released {
                seat, from, note, ..
            } => self.release(*seat, note, Stamp { by: *from, at }),
            // Done by people: where the record says otherwise there is nobody to note.
            Event::Started { .. }
            | Event::DraftEdited { .. }
            | Event::AttachmentAdded { .. }
            | Event::AttachmentRemoved { .. }
            | Event::Submitted { .. }
            | Event::Assigned { .. }
            | Event::ClarificationRequested { .. }
            | Event::ClarificationAnswered { .. }
            | Event::ItemChecked { .. }
            | Event::CompletenessConfirmed
            | Event::FindingRecorded { .. }
            | Event::FindingWaived { .. }
            | Event::FindingDated { .. }
            | Event::CorrectionReported { .. }
            | Event::FindingRetested { .. }
            | Event::CorrectionsRequested { .. }
            | Event::Resubmitted { .. }
            | Event::TrackPassed { .. }
            | Event::DlaAccepted { .. }
            | Event::DeclineProposed { .. }
            | Event::Approved { .. }
            | Event::Declined { .. }
            | Event::Withdrawn { .. }
            | Event::Appealed { .. }
            | Event::AppealAnswered { .. }
            | Event::Reopened { .. }
            | Event::GrantSuspended { .. }
            | Event::GrantReinstated { .. }
            | Event::GrantRevoked { .. }
            | Event::CapChanged { .. } => {}
        }
    }

    fn lapse(&mut self, missed: Missed, at: Timestamp) {
        self.end(State::Lapsed { at, missed });
    }

    fn apply_by(&mut self, event: &Event, stamp: Stamp) {
        if event.is_review_work() {
            self.reviewers.insert(stamp.by);
        }
        self.take_up(event, stamp.by);
        match event {
            Event::Started { .. }
            | Event::DraftEdited { .. }
            | Event::AttachmentAdded { .. }
            | Event::AttachmentRemoved { .. } => {}
            Event::Submitted { submission } => {
                self.submission = Some(submission.clone());
                self.state = State::Submitted;
            }
            Event::Assigned { seat, to, note, .. } => {
                self.assign(*seat, *to);
                self.hand_over(*seat, note, stamp);
            }
            Event::Released { seat, note, .. } => self.release(*seat, note, stamp),
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
                relied,
            } => {
                let mark = Mark {
                    verdict: verdict.clone(),
                    evidence: evidence.clone(),
                    by: stamp.by,
                    at: stamp.at,
                    round: self.round,
                    relied: relied.clone(),
                };
                self.mark(*list, item, mark);
            }
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
                    reported: None,
                    returned: None,
                    reminders: 0,
                },
            ),
            Event::CorrectionReported { finding, text } => {
                self.report(
                    *finding,
                    Correction {
                        text: text.clone(),
                        by: stamp.by,
                        at: stamp.at,
                    },
                );
            }
            Event::FindingRetested {
                finding,
                corrected: true,
                ..
            } => self.settle(
                *finding,
                FindingStatus::Resolved {
                    by: stamp.by,
                    at: stamp.at,
                },
            ),
            Event::FindingRetested {
                finding,
                text,
                severity,
                ..
            } => self.give_back(
                *finding,
                *severity,
                StillWrong {
                    text: text.clone(),
                    by: stamp.by,
                    at: stamp.at,
                },
            ),
            Event::FindingsReminded { findings } => self.reminded_of(findings),
            Event::CorrectionsRequested { due } => self.state = State::Corrections { due: *due },
            Event::Resubmitted {
                responses,
                submission,
                settled_stays,
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
                self.next_round(*settled_stays);
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
                        (Some(_), _) => State::Decision,
                        (None, Some(due)) => State::Agreement { due: *due },
                        // The last track opens the agreement or the decision; see `decide`.
                        (None, None) => State::Review,
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
                    cap_since: None,
                });
                self.end(State::Approved);
            }
            Event::Declined { .. } => self.end(State::Declined { at: stamp.at }),
            Event::Withdrawn { .. } => self.end(State::Withdrawn),
            Event::Reminded { .. } => self.reminders = self.reminders.saturating_add(1),
            Event::Lapsed { missed } => self.lapse(*missed, stamp.at),
            Event::Appealed { .. } => self.appealed = Some(stamp.at),
            Event::AppealAnswered { text } => {
                self.appeal_answer = Some(AppealAnswer {
                    text: text.clone(),
                    stamp,
                });
            }
            Event::Reopened { to, .. } => {
                self.reopened = true;
                self.decline_proposal = None;
                self.next_round(false);
                self.completeness = Sheet::new(self.completeness.version);
                self.state = State::Completeness;
                self.assign(Seat::Case, *to);
            }
            Event::GrantSuspended { .. } => self.set_grant(GrantStatus::Suspended),
            Event::GrantReinstated { .. } => self.set_grant(GrantStatus::Active),
            Event::GrantRevoked { .. } => self.set_grant(GrantStatus::Revoked),
            Event::CapChanged { cap, .. } => {
                if let Some(grant) = &mut self.grant {
                    grant.cap = Some(*cap);
                    grant.cap_since = Some(stamp.at);
                }
            }
        }
    }

    fn release(&mut self, seat: Seat, note: &Internal, stamp: Stamp) {
        self.seats.remove(&seat);
        self.hand_over(seat, note, stamp);
    }

    /// Without a new note the one before stays: nobody has worked on it yet.
    fn hand_over(&mut self, seat: Seat, note: &Internal, stamp: Stamp) {
        if !note.is_empty() {
            let note = note.clone();
            self.handed_over.insert(seat, HandOver { note, stamp });
        }
    }

    /// Whoever works in a seat has read what was left for its holder.
    fn take_up(&mut self, event: &Event, by: PersonId) {
        if !matches!(event, Event::Assigned { .. } | Event::Released { .. }) {
            let seats = &self.seats;
            self.handed_over
                .retain(|seat, _| seats.get(seat) != Some(&by));
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
            State::Draft
            | State::Submitted
            | State::Completeness
            | State::Clarification { .. }
            | State::Corrections { .. }
            | State::Agreement { .. }
            | State::Decision
            | State::Approved
            | State::Declined { .. }
            | State::Withdrawn
            | State::Lapsed { .. } => Resume::Completeness,
        };
        self.state = State::Clarification { back_to, due };
    }

    fn mark(&mut self, list: ListKind, item: &str, mark: Mark) {
        let (by, at) = (mark.by, mark.at);
        let failed = mark.verdict == Verdict::Fail;
        let Some(sheet) = self.sheet_mut(list) else {
            return;
        };
        sheet.reopened.remove(item);
        sheet.marks.insert(item.to_owned(), mark);
        if failed {
            return;
        }
        for finding in &mut self.findings {
            if finding.list == list && finding.item == item && finding.stands() {
                finding.status = FindingStatus::Resolved { by, at };
            }
        }
    }

    fn settle(&mut self, id: FindingId, status: FindingStatus) {
        if let Some(finding) = self.findings.iter_mut().find(|finding| finding.id == id) {
            finding.status = status;
        }
    }

    /// What the developer says was done about a finding with a date.
    fn report(&mut self, id: FindingId, correction: Correction) {
        let found = self.findings.iter_mut().find(|finding| finding.id == id);
        if let Some(FindingStatus::Dated { reported, .. }) = found.map(|found| &mut found.status) {
            *reported = Some(correction);
        }
    }

    /// What a reviewer found still wrong. While the review runs the finding stands again, whatever
    /// was said about it; from the approval on its date holds.
    fn give_back(&mut self, id: FindingId, severity: Option<Severity>, wrong: StillWrong) {
        let approved = matches!(self.state, State::Approved);
        let Some(finding) = self.findings.iter_mut().find(|finding| finding.id == id) else {
            return;
        };
        finding.severity = severity.unwrap_or(finding.severity);
        match &mut finding.status {
            FindingStatus::Dated {
                reported, returned, ..
            } if approved => {
                *reported = None;
                *returned = Some(wrong);
            }
            status => {
                *status = FindingStatus::Open {
                    returned: Some(wrong),
                };
            }
        }
    }

    fn reminded_of(&mut self, findings: &[FindingId]) {
        for finding in &mut self.findings {
            if let FindingStatus::Dated { reminders, .. } = &mut finding.status
                && findings.contains(&finding.id)
            {
                *reminders = reminders.saturating_add(1);
            }
        }
    }

    /// A new round looks again at what failed; what passed stays passed. Where `settled_stays`, so
    /// does what failed and was waived or given a date.
    fn next_round(&mut self, settled_stays: bool) {
        self.round = self.round.saturating_add(1);
        for (list, sheet) in [
            (ListKind::Commercial, Some(&mut self.commercial)),
            (ListKind::Technical, self.technical.as_mut()),
        ] {
            let Some(sheet) = sheet else { continue };
            let findings = &self.findings;
            sheet.marks.retain(|item, mark| {
                let mut of_item = findings
                    .iter()
                    .filter(|finding| finding.list == list && finding.item == *item)
                    .peekable();
                !matches!(mark.verdict, Verdict::Fail)
                    || settled_stays
                        && of_item.peek().is_some()
                        && of_item.all(|finding| !finding.stands())
            });
            sheet.passed = None;
        }
    }

    /// A new revision opens exactly the verdicts again that relied on what it changes, and the
    /// passes that stood on them fall. What completeness relied on, once it is confirmed, is the
    /// commercial reviewer's.
    fn revise(&mut self, submission: Option<&Submission>) {
        let Some(submission) = submission else {
            return;
        };
        let incomplete = self.completeness.reopen(submission);
        if self.commercial.reopen(submission) || incomplete {
            self.commercial.passed = None;
        }
        if let Some(technical) = &mut self.technical
            && technical.reopen(submission)
        {
            technical.passed = None;
        }
        self.submission = Some(submission.clone());
    }

    fn set_grant(&mut self, status: GrantStatus) {
        if let Some(grant) = &mut self.grant {
            grant.status = status;
        }
    }

    fn end(&mut self, state: State) {
        self.state = state;
        self.seats.clear();
        self.handed_over.clear();
    }

    fn sheet_mut(&mut self, list: ListKind) -> Option<&mut Sheet> {
        match list {
            ListKind::Completeness => Some(&mut self.completeness),
            ListKind::Commercial => Some(&mut self.commercial),
            ListKind::Technical => self.technical.as_mut(),
        }
    }
}
