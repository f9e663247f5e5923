//! The one transition table (21 CFR 11.10(f): permitted sequencing of steps).

use crate::{
    action::ActionKind,
    guard::Guard,
    state::{Seat, StateKind, Track},
};

/// An allowed (state, action) → state.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    pub action: ActionKind,
    pub from: &'static [StateKind],
    /// Where the case may stand afterwards; empty: where it stood.
    pub to: &'static [StateKind],
    pub guards: &'static [Guard],
}

use ActionKind as A;
use Guard as G;
use StateKind as S;

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

const fn row(
    action: ActionKind,
    from: &'static [StateKind],
    to: &'static [StateKind],
    guards: &'static [Guard],
) -> Transition {
    Transition {
        action,
        from,
        to,
        guards,
    }
}

/// Every transition there is.
#[rustfmt::skip]
pub const TABLE: &[Transition] = &[
    row(A::EditDraft, &[S::Draft], &[], &[]),
    row(A::AddAttachment, &[S::Draft, S::Clarification, S::Corrections], &[], &[]),
    row(A::RemoveAttachment, &[S::Draft], &[], &[]),
    row(A::Submit, &[S::Draft], &[S::Submitted], &[]),
    row(A::AssignCase, UNDER_REVIEW, &[S::Completeness], &[]),
    row(A::AssignCommercial, AFTER_TRIAGE, &[], &[G::TrackNotPassed(Track::Commercial)]),
    row(A::AssignTechnical, AFTER_TRIAGE, &[], &[G::TrackExists(Track::Technical), G::TrackNotPassed(Track::Technical)]),
    row(A::ReleaseCase, TAKEN, &[], &[G::SeatHeld(Seat::Case)]),
    row(A::ReleaseCommercial, TAKEN, &[], &[G::SeatHeld(Seat::Commercial)]),
    row(A::ReleaseTechnical, TAKEN, &[], &[G::SeatHeld(Seat::Technical)]),
    row(A::RequestClarification, &[S::Completeness, S::Review], &[S::Clarification], &[]),
    row(A::AnswerClarification, &[S::Clarification], &[S::Completeness, S::Review], &[]),
    row(A::CheckCompleteness, &[S::Completeness], &[], &[]),
    row(A::CheckCommercial, &[S::Review], &[], &[G::TrackNotPassed(Track::Commercial)]),
    row(A::CheckTechnical, &[S::Review], &[], &[G::TrackExists(Track::Technical), G::TrackNotPassed(Track::Technical)]),
    row(A::ConfirmComplete, &[S::Completeness], &[S::Review], &[G::CompletenessChecklistDone, G::NothingOpen]),
    row(A::RecordCommercialFinding, &[S::Review], &[], &[G::TrackNotPassed(Track::Commercial)]),
    row(A::RecordTechnicalFinding, &[S::Review], &[], &[G::TrackExists(Track::Technical), G::TrackNotPassed(Track::Technical)]),
    row(A::WaiveFinding, &[S::Review], &[], &[G::SomeFindingStands]),
    row(A::DateFinding, &[S::Review], &[], &[G::SomeFindingStands]),
    row(A::RequestCorrections, &[S::Review], &[S::Corrections], &[G::SomethingToCorrect]),
    row(A::Resubmit, &[S::Corrections], &[S::Review], &[]),
    row(A::PassCommercial, &[S::Review], &[S::Review, S::Agreement, S::Decision], &[
        G::TrackNotPassed(Track::Commercial), G::TrackChecklistComplete(Track::Commercial),
        G::NoOpenBlocker(Track::Commercial), G::MajorFindingsSettled(Track::Commercial)]),
    row(A::PassTechnical, &[S::Review], &[S::Review, S::Agreement, S::Decision], &[
        G::TrackExists(Track::Technical), G::TrackNotPassed(Track::Technical),
        G::TrackChecklistComplete(Track::Technical),
        G::NoOpenBlocker(Track::Technical), G::MajorFindingsSettled(Track::Technical)]),
    row(A::AcceptDla, &[S::Review, S::Clarification, S::Corrections, S::Agreement],
        &[S::Review, S::Clarification, S::Corrections, S::Decision], &[G::DlaNotAccepted, G::DlaOpen]),
    row(A::ProposeDecline, UNDER_REVIEW, &[], &[]),
    row(A::Approve, &[S::Decision], &[S::Approved], &[G::TracksPassed, G::DlaAccepted]),
    row(A::Decline, UNDER_REVIEW, &[S::Declined], &[]),
    row(A::Withdraw, OPEN, &[S::Withdrawn], &[]),
    row(A::Remind, WAITS_FOR_DEVELOPER, &[], &[G::ReminderDue]),
    row(A::Lapse, WAITS_FOR_DEVELOPER, &[S::Lapsed], &[G::LapseDue]),
    row(A::Reopen, &[S::Declined, S::Lapsed], &[S::Completeness], &[G::NotReopenedBefore, G::WithinAppealTime]),
    row(A::SuspendGrant, &[S::Approved], &[], &[G::GrantActive]),
    row(A::ReinstateGrant, &[S::Approved], &[], &[G::GrantSuspended]),
    row(A::RevokeGrant, &[S::Approved], &[], &[G::GrantNotRevoked]),
];

/// The row of an action. Every action has one: a test walks them.
pub fn of(action: ActionKind) -> Option<&'static Transition> {
    TABLE.iter().find(|row| row.action == action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_exactly_one_row() {
        for action in ActionKind::ALL {
            assert_eq!(
                TABLE.iter().filter(|row| row.action == *action).count(),
                1,
                "{action:?}"
            );
        }
    }
}
