//! Whose turn it is: who acts next on a case, by which step, and since when. Every open case names
//! somebody who can (`rules turns::`).

use crate::{
    ActionKind, Case, PersonId, Timestamp,
    case::GrantStatus,
    checklist::ListKind,
    relation::Role,
    state::{Seat, StateKind},
};

/// Who is to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Whoever holds a seat.
    Person(PersonId),
    /// Anyone of ours with this role who is not kept from it.
    Role(Role),
    /// The members of the app.
    Developer,
    /// An owner of the app with authority to sign.
    Signatory,
}

/// One who is to act, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    pub who: Who,
    /// What they can do now; it may be one of several steps.
    pub step: ActionKind,
    /// Since when; none for a draft, on which no clock runs.
    pub since: Option<Timestamp>,
}

impl Turn {
    /// Why it is their turn, as the end of a sentence that began with their name.
    pub const fn why(&self) -> &'static str {
        why(self.step)
    }
}

/// Why somebody is to take this step.
pub const fn why(step: ActionKind) -> &'static str {
    use ActionKind as A;
    match step {
        A::EditDraft => "the form is not submitted yet",
        A::AssignCase => "nobody checks it yet",
        A::AssignCommercial => "nobody has taken the commercial review",
        A::AssignTechnical => "nobody has taken the technical review",
        A::CheckCompleteness => "completeness is to be checked",
        A::CheckCommercial => "the commercial review is to be done",
        A::CheckTechnical => "the technical review is to be done",
        A::AnswerClarification => "questions wait for answers",
        A::Resubmit => "points are to be corrected",
        A::AcceptDla => "the Data Licensing Agreement is to be accepted",
        A::Approve => "all is reviewed, and it is to be decided",
        A::Decline => "a decline was proposed, and it is to be decided",
        A::AnswerAppeal => "an appeal is to be answered",
        A::ReportCorrection => "a finding is to be corrected by its date",
        A::RetestCommercialFinding | A::RetestTechnicalFinding => {
            "a finding was reported as corrected, and is to be looked at again"
        }
        _ => "",
    }
}

impl Case {
    /// Who is to act, the likeliest first. Empty only for what has ended and asks for nothing.
    pub fn turns(&self) -> Vec<Turn> {
        let mut turns = Vec::new();
        let since = self.clock.running().map(|(_, since)| since);
        let mut add = |who, step, since| turns.push(Turn { who, step, since });
        match self.state.kind() {
            StateKind::Draft => add(Who::Developer, ActionKind::EditDraft, None),
            StateKind::Submitted => add(Who::Role(Role::Reviewer), ActionKind::AssignCase, since),
            StateKind::Completeness => {
                let (who, step) = self.holder(Seat::Case);
                add(who, step, since);
            }
            StateKind::Review => {
                for track in self.level.tracks() {
                    let sheet = self.sheet(ListKind::of(*track));
                    if sheet.is_some_and(|sheet| sheet.passed.is_none()) {
                        let (who, step) = self.holder(Seat::of(*track));
                        add(who, step, since);
                    }
                }
            }
            StateKind::Clarification => {
                add(Who::Developer, ActionKind::AnswerClarification, since);
            }
            StateKind::Corrections => add(Who::Developer, ActionKind::Resubmit, since),
            StateKind::Agreement => add(Who::Signatory, ActionKind::AcceptDla, since),
            StateKind::Decision => add(Who::Role(Role::Approver), ActionKind::Approve, since),
            StateKind::Approved => {
                let holds = |grant: &crate::case::Grant| grant.status != GrantStatus::Revoked;
                if self.grant.as_ref().is_some_and(holds) {
                    for (finding, _) in self.dated_findings() {
                        match finding.reported_at() {
                            Some(at) => {
                                let seat = seat_of(finding.list);
                                let step = ActionKind::retest_finding(finding.list);
                                add(Who::Role(seat.role()), step, Some(at));
                            }
                            None => add(Who::Developer, ActionKind::ReportCorrection, since),
                        }
                    }
                }
            }
            StateKind::Declined | StateKind::Lapsed if self.appeal_waits() => {
                add(
                    Who::Role(Role::Lead),
                    ActionKind::AnswerAppeal,
                    self.appealed,
                );
            }
            StateKind::Declined | StateKind::Lapsed | StateKind::Withdrawn => {}
        }
        if let Some(proposal) = &self.decline_proposal
            && self.state.kind().is_open()
        {
            let since = Some(proposal.stamp.at);
            add(Who::Role(Role::Approver), ActionKind::Decline, since);
        }
        turns
    }

    /// Who works in a seat, or takes it.
    fn holder(&self, seat: Seat) -> (Who, ActionKind) {
        match self.seats.get(&seat) {
            Some(person) => (Who::Person(*person), ActionKind::check(list_of(seat))),
            None => (Who::Role(seat.role()), ActionKind::assign(seat)),
        }
    }
}

const fn list_of(seat: Seat) -> ListKind {
    match seat {
        Seat::Case => ListKind::Completeness,
        Seat::Commercial => ListKind::Commercial,
        Seat::Technical => ListKind::Technical,
    }
}

const fn seat_of(list: ListKind) -> Seat {
    match list {
        ListKind::Completeness => Seat::Case,
        ListKind::Commercial => Seat::Commercial,
        ListKind::Technical => Seat::Technical,
    }
}
