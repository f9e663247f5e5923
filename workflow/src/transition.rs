//! The one transition table (21 CFR 11.10(f): permitted sequencing of steps).

use crate::{
    action::ActionKind,
    guard::Guard,
    relation::words,
    state::{Seat, StateKind, Track},
};

/// An allowed (state, action) → state, and what kind of step it is. Every column is written out
/// for every step: there is no default that a forgotten step could fall into.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    pub action: ActionKind,
    /// Whose step it is.
    pub side: StepSide,
    /// Whether it may be taken by someone who has not seen how the case stands now.
    pub stale: Stale,
    /// Whether who takes it has reviewed the case.
    pub work: Work,
    /// What is signed with it.
    pub signature: Signature,
    pub from: &'static [StateKind],
    /// Where the case may stand afterwards; empty: where it stood.
    pub to: &'static [StateKind],
    pub guards: &'static [Guard],
}

words! {
    /// Whose step it is. Staff in conflict of interest take no step of staff.
    StepSide {
        Developer = "developer",
        Staff = "staff",
        /// The desk's own.
        Clock = "clock",
    }
}

words! {
    /// What becomes of a step when the case has changed since the person looked.
    Stale {
        /// It may go ahead: work on single items by several people at once, and what carries its
        /// own guard (who held the seat, which version of the agreement).
        Tolerated = "tolerated",
        /// It is refused: it judges the case as a whole, and must say what was seen of it.
        Refused = "refused",
    }
}

words! {
    /// Whether a step is part of the review itself: who takes one has reviewed the case and
    /// decides nothing about it (separation of duties).
    Work {
        Review = "review",
        Other = "other",
    }
}

words! {
    /// What the person signs anew, with the password, when taking the step (21 CFR 11.50, 11.200).
    Signature {
        NotNeeded = "not_needed",
        /// The record of the case: what was seen of the trail is what is signed.
        OfRecord = "of_record",
        /// The Data Licensing Agreement, in the version shown.
        OfAgreement = "of_agreement",
    }
}

use ActionKind as A;
use Guard as G;
use Signature::{NotNeeded, OfAgreement, OfRecord};
use Stale::{Refused, Tolerated};
use StateKind as S;
use StepSide::{Clock, Developer, Staff};
use Work::{Other, Review};

/// Submitted to Decision, in the order of the way.
const UNDER_REVIEW: &[StateKind] = &[
    S::Submitted,
    S::Completeness,
    S::Review,
    S::Clarification,
    S::Corrections,
    S::Agreement,
    S::Decision,
];

const OPEN: &[StateKind] = &[
    S::Draft,
    S::Submitted,
    S::Completeness,
    S::Review,
    S::Clarification,
    S::Corrections,
    S::Agreement,
    S::Decision,
];

const WAITS_FOR_DEVELOPER: &[StateKind] = &[S::Clarification, S::Corrections, S::Agreement];
/// Where someone may hold a seat.
const TAKEN: &[StateKind] = &[
    S::Completeness,
    S::Review,
    S::Clarification,
    S::Corrections,
    S::Agreement,
    S::Decision,
];
const AFTER_TRIAGE: &[StateKind] = &[S::Completeness, S::Review, S::Clarification, S::Corrections];

/// What a step is, apart from where it leads.
type Columns = (StepSide, Stale, Work, Signature);

const fn row(
    action: ActionKind,
    (side, stale, work, signature): Columns,
    from: &'static [StateKind],
    to: &'static [StateKind],
    guards: &'static [Guard],
) -> Transition {
    Transition {
        action,
        side,
        stale,
        work,
        signature,
        from,
        to,
        guards,
    }
}

/// The row of a step. The match is exhaustive: a step without its row does not compile.
#[rustfmt::skip]
pub const fn of(action: ActionKind) -> Transition {
    match action {
        A::EditDraft => row(action, (Developer, Tolerated, Other, NotNeeded), &[S::Draft], &[], &[]),
        A::AddAttachment => row(action, (Developer, Tolerated, Other, NotNeeded), &[S::Draft, S::Clarification, S::Corrections], &[], &[]),
        A::RemoveAttachment => row(action, (Developer, Tolerated, Other, NotNeeded), &[S::Draft, S::Clarification, S::Corrections], &[], &[]),
        A::Submit => row(action, (Developer, Refused, Other, NotNeeded), &[S::Draft], &[S::Submitted], &[]),
        A::AssignCase => row(action, (Staff, Tolerated, Other, NotNeeded), UNDER_REVIEW, &[S::Completeness], &[]),
        A::AssignCommercial => row(action, (Staff, Tolerated, Other, NotNeeded), AFTER_TRIAGE, &[], &[G::TrackNotPassed(Track::Commercial)]),
        A::AssignTechnical => row(action, (Staff, Tolerated, Other, NotNeeded), AFTER_TRIAGE, &[], &[G::TrackExists(Track::Technical), G::TrackNotPassed(Track::Technical)]),
        A::ReleaseCase => row(action, (Staff, Tolerated, Other, NotNeeded), TAKEN, &[], &[G::SeatHeld(Seat::Case)]),
        A::ReleaseCommercial => row(action, (Staff, Tolerated, Other, NotNeeded), TAKEN, &[], &[G::SeatHeld(Seat::Commercial)]),
        A::ReleaseTechnical => row(action, (Staff, Tolerated, Other, NotNeeded), TAKEN, &[], &[G::SeatHeld(Seat::Technical)]),
        A::RequestClarification => row(action, (Staff, Refused, Review, NotNeeded), &[S::Completeness, S::Review], &[S::Clarification], &[]),
        A::AnswerClarification => row(action, (Developer, Refused, Other, NotNeeded), &[S::Clarification], &[S::Completeness, S::Review], &[]),
        A::CheckCompleteness => row(action, (Staff, Tolerated, Review, NotNeeded), &[S::Completeness, S::Review], &[], &[G::CompletenessOpen]),
        A::CheckCommercial => row(action, (Staff, Tolerated, Review, NotNeeded), &[S::Review], &[], &[G::TrackNotPassed(Track::Commercial)]),
        A::CheckTechnical => row(action, (Staff, Tolerated, Review, NotNeeded), &[S::Review], &[], &[G::TrackExists(Track::Technical), G::TrackNotPassed(Track::Technical)]),
        A::ConfirmComplete => row(action, (Staff, Refused, Review, NotNeeded), &[S::Completeness], &[S::Review], &[G::CompletenessChecklistDone, G::NothingOpen]),
        A::RecordCommercialFinding => row(action, (Staff, Tolerated, Review, NotNeeded), &[S::Review], &[], &[G::TrackNotPassed(Track::Commercial)]),
        A::RecordTechnicalFinding => row(action, (Staff, Tolerated, Review, NotNeeded), &[S::Review], &[], &[G::TrackExists(Track::Technical), G::TrackNotPassed(Track::Technical)]),
        A::WaiveFinding => row(action, (Staff, Tolerated, Review, NotNeeded), &[S::Review], &[], &[G::SomeFindingStands]),
        A::DateFinding => row(action, (Staff, Tolerated, Review, NotNeeded), &[S::Review], &[], &[G::SomeFindingStands]),
        A::ReportCorrection => row(action, (Developer, Tolerated, Other, NotNeeded), &[S::Approved], &[], &[G::SomeFindingDated, G::GrantNotRevoked]),
        A::RetestCommercialFinding => row(action, (Staff, Tolerated, Review, NotNeeded), &[S::Approved], &[], &[G::FindingDatedOf(Track::Commercial), G::GrantNotRevoked]),
        A::RetestTechnicalFinding => row(action, (Staff, Tolerated, Review, NotNeeded), &[S::Approved], &[], &[G::FindingDatedOf(Track::Technical), G::GrantNotRevoked]),
        A::RemindFindings => row(action, (Clock, Tolerated, Other, NotNeeded), &[S::Approved], &[], &[G::FindingReminderDue, G::GrantNotRevoked]),
        A::RequestCorrections => row(action, (Staff, Refused, Review, NotNeeded), &[S::Review], &[S::Corrections], &[G::SomethingToCorrect]),
        A::Resubmit => row(action, (Developer, Refused, Other, NotNeeded), &[S::Corrections], &[S::Review], &[]),
        A::PassCommercial => row(action, (Staff, Refused, Review, NotNeeded), &[S::Review], &[S::Review, S::Agreement, S::Decision], &[
            G::TrackNotPassed(Track::Commercial), G::CompletenessStands, G::TrackChecklistComplete(Track::Commercial),
            G::NoOpenBlocker(Track::Commercial), G::MajorFindingsSettled(Track::Commercial)]),
        A::PassTechnical => row(action, (Staff, Refused, Review, NotNeeded), &[S::Review], &[S::Review, S::Agreement, S::Decision], &[
            G::TrackExists(Track::Technical), G::TrackNotPassed(Track::Technical),
            G::TrackChecklistComplete(Track::Technical),
            G::NoOpenBlocker(Track::Technical), G::MajorFindingsSettled(Track::Technical)]),
        A::AcceptDla => row(action, (Developer, Tolerated, Other, OfAgreement), &[S::Review, S::Clarification, S::Corrections, S::Agreement],
            &[S::Review, S::Clarification, S::Corrections, S::Decision], &[G::DlaNotAccepted, G::DlaOpen]),
        A::ProposeDecline => row(action, (Staff, Tolerated, Review, NotNeeded), UNDER_REVIEW, &[], &[]),
        A::Approve => row(action, (Staff, Refused, Other, OfRecord), &[S::Decision], &[S::Approved], &[G::TracksPassed, G::DlaAccepted]),
        A::Decline => row(action, (Staff, Refused, Other, OfRecord), UNDER_REVIEW, &[S::Declined], &[G::ReviewedByAnother]),
        A::Withdraw => row(action, (Developer, Tolerated, Other, NotNeeded), OPEN, &[S::Withdrawn], &[]),
        A::Remind => row(action, (Clock, Tolerated, Other, NotNeeded), WAITS_FOR_DEVELOPER, &[], &[G::ReminderDue]),
        A::Lapse => row(action, (Clock, Tolerated, Other, NotNeeded), WAITS_FOR_DEVELOPER, &[S::Lapsed], &[G::LapseDue]),
        A::Appeal => row(action, (Developer, Refused, Other, NotNeeded), &[S::Declined, S::Lapsed], &[], &[G::NotReopenedBefore, G::NotAppealedBefore, G::WithinAppealTime]),
        A::AnswerAppeal => row(action, (Staff, Refused, Other, NotNeeded), &[S::Declined, S::Lapsed], &[], &[G::AppealWaits]),
        A::Reopen => row(action, (Staff, Refused, Other, NotNeeded), &[S::Declined, S::Lapsed], &[S::Completeness], &[G::NotReopenedBefore, G::WithinAppealTime]),
        A::SuspendGrant => row(action, (Staff, Refused, Other, OfRecord), &[S::Approved], &[], &[G::GrantActive]),
        A::ReinstateGrant => row(action, (Staff, Refused, Other, OfRecord), &[S::Approved], &[], &[G::GrantSuspended]),
        A::RevokeGrant => row(action, (Staff, Refused, Other, OfRecord), &[S::Approved], &[], &[G::GrantNotRevoked]),
        A::ChangeCap => row(action, (Staff, Refused, Other, OfRecord), &[S::Approved], &[], &[G::GrantCapped, G::GrantActive]),
    }
}

/// Every transition there is.
pub fn table() -> impl Iterator<Item = Transition> {
    ActionKind::ALL.iter().map(|action| of(*action))
}

impl ActionKind {
    /// Its row of the transition table.
    pub const fn row(self) -> Transition {
        of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_has_its_own_row() {
        let actions: Vec<ActionKind> = table().map(|row| row.action).collect();
        assert_eq!(actions, ActionKind::ALL);
    }

    #[test]
    fn who_signs_the_record_of_a_case_has_seen_it() {
        for row in table().filter(|row| row.signature == OfRecord) {
            assert_eq!(row.stale, Refused, "{:?}", row.action);
        }
    }

    #[test]
    fn the_clock_neither_signs_nor_reviews() {
        for row in table().filter(|row| row.side == Clock) {
            assert_eq!(row.signature, NotNeeded, "{:?}", row.action);
            assert_eq!(row.work, Other, "{:?}", row.action);
        }
    }
}
