//! Each guard and each rule, as a sentence: the review of a track.

use workflow::{
    Action, ActionKind, Refusal, StateKind, checklist::ListKind, checklist::Severity,
    checklist::Verdict, state::AccessLevel, state::State, state::Track,
};

use crate::support::*;

use AccessLevel::{Full, Limited};

// Review.

#[test]
fn a_failed_review_item_says_what_is_wrong() {
    let mut world = World::review(Limited);
    let attempt = check(ListKind::Commercial, "use_case", Verdict::Fail);
    assert_eq!(fields(world.tries(COMMERCIAL, attempt)), ["text"]);
}

#[test]
fn a_track_passes_when_its_checklist_is_complete() {
    let world = World::review(Limited);
    assert_eq!(
        world.available(ActionKind::PassCommercial),
        Err(Refusal::ChecklistIncomplete {
            list: ListKind::Commercial,
            open: 2
        })
    );
}

#[test]
fn a_track_does_not_pass_with_an_open_blocker() {
    let mut world = World::review(Full);
    world.mark_all(TECHNICAL, ListKind::Technical);
    let blocker = world.find(ListKind::Technical, "tls", Severity::Blocker);
    assert_eq!(
        world.available(ActionKind::PassTechnical),
        Err(Refusal::BlockerOpen)
    );
    let (reason, due) = ("It is old.".to_owned(), world.in_days(9));
    for attempt in [
        Action::WaiveFinding {
            finding: blocker,
            reason: Internal::written(reason),
        },
        Action::DateFinding {
            finding: blocker,
            due,
        },
    ] {
        assert_eq!(
            refusal(world.tries(TECHNICAL, attempt)),
            Refusal::BlockerStays
        );
    }
    // The other track is not held up by it.
    world.pass(Track::Commercial);
}

#[test]
fn a_major_finding_is_waived_with_a_reason_or_dated() {
    let mut world = World::review(Limited);
    world.mark_all(COMMERCIAL, ListKind::Commercial);
    let waived = world.find(ListKind::Commercial, "use_case", Severity::Major);
    let dated = world.find(ListKind::Commercial, "markets", Severity::Major);
    assert_eq!(
        world.available(ActionKind::PassCommercial),
        Err(Refusal::MajorOpen)
    );
    let silent = Action::WaiveFinding {
        finding: waived,
        reason: Internal::default(),
    };
    assert_eq!(fields(world.tries(COMMERCIAL, silent)), ["reason"]);
    let reason = "Known since the pilot.".to_owned();
    world.does(
        COMMERCIAL,
        Action::WaiveFinding {
            finding: waived,
            reason: Internal::written(reason.clone()),
        },
    );
    let past = Action::DateFinding {
        finding: dated,
        due: world.in_days(-1),
    };
    assert_eq!(fields(world.tries(COMMERCIAL, past)), ["due"]);
    let due = world.in_days(30);
    world.does(
        COMMERCIAL,
        Action::DateFinding {
            finding: dated,
            due,
        },
    );
    assert_eq!(
        refusal(world.tries(
            COMMERCIAL,
            Action::WaiveFinding {
                finding: dated,
                reason: Internal::written(reason)
            }
        )),
        Refusal::UnknownFinding,
        "nothing stands any more"
    );
    world.does(
        COMMERCIAL,
        Action::PassTrack {
            track: Track::Commercial,
        },
    );
}

#[test]
fn a_settled_finding_is_not_settled_again() {
    let mut world = World::review(Limited);
    let settled = world.find(ListKind::Commercial, "use_case", Severity::Major);
    world.find(ListKind::Commercial, "markets", Severity::Minor);
    let due = world.in_days(30);
    let settle = Action::DateFinding {
        finding: settled,
        due,
    };
    world.does(COMMERCIAL, settle.clone());
    assert_eq!(
        refusal(world.tries(COMMERCIAL, settle)),
        Refusal::FindingSettled
    );
}

#[test]
fn a_minor_finding_holds_nothing_up() {
    let mut world = World::review(Limited);
    world.mark_all(COMMERCIAL, ListKind::Commercial);
    world.find(ListKind::Commercial, "markets", Severity::Minor);
    world.does(
        COMMERCIAL,
        Action::PassTrack {
            track: Track::Commercial,
        },
    );
}

#[test]
fn a_passed_track_is_not_worked_on() {
    let mut world = World::review(Full);
    world.pass(Track::Commercial);
    for action in [
        ActionKind::AssignCommercial,
        ActionKind::CheckCommercial,
        ActionKind::RecordCommercialFinding,
        ActionKind::PassCommercial,
    ] {
        assert_eq!(
            world.available(action),
            Err(Refusal::AlreadyPassed {
                list: ListKind::Commercial
            })
        );
    }
}

#[test]
fn both_tracks_of_full_access_must_pass() {
    for first in [Track::Commercial, Track::Technical] {
        let second = match first {
            Track::Commercial => Track::Technical,
            Track::Technical => Track::Commercial,
        };
        let mut world = World::review(Full);
        world.pass(first);
        assert_eq!(world.case.state, State::Review);
        world.pass(second);
        assert_eq!(world.case.state.kind(), StateKind::Agreement);
    }
}
