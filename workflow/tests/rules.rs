//! Each guard and each rule, as a sentence.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use std::collections::BTreeSet;
use support::*;
use time::Duration;
use uuid::Uuid;
use workflow::{
    Action, ActionKind, FindingId, QuestionId, Refusal, Role, StateKind,
    case::GrantStatus,
    checklist::{FindingStatus, ListKind, Severity, Verdict},
    decide::LONGEST_TEXT,
    event::{Answered, Asked, DeclineReason, Event, Pin, Response},
    form::Problem,
    state::{AccessLevel, Missed, Seat, State, Track},
};

use AccessLevel::{Full, Limited};

fn refusal(outcome: Result<Vec<Event>, Refusal>) -> Refusal {
    outcome.expect_err("it should have been refused")
}

fn fields(outcome: Result<Vec<Event>, Refusal>) -> Vec<String> {
    match refusal(outcome) {
        Refusal::Input { problems } => problems.into_iter().map(|p| p.field).collect(),
        other => panic!("not about a field: {other:?}"),
    }
}

fn decline(text: &str) -> Action {
    Action::Decline {
        reason: DeclineReason::UseCase,
        text: text.to_owned(),
    }
}

// Submitting.

#[test]
fn a_form_with_problems_is_not_submitted_and_every_problem_is_named() {
    let mut world = World::draft(Limited);
    let Action::Submit { submission, .. } = submission(1) else {
        unreachable!()
    };
    let attempt = Action::Submit {
        submission,
        problems: vec![Problem {
            field: "privacy_policy".to_owned(),
            text: "It asks for a sign-in.".to_owned(),
        }],
        contacts_confirmed: false,
        accuracy_attested: false,
    };
    assert_eq!(
        fields(world.tries(OWNER, attempt)),
        ["privacy_policy", "contacts_confirmed", "accuracy_attested"]
    );
    assert_eq!(world.case.state, State::Draft);
}

#[test]
fn a_case_is_submitted_once() {
    let mut world = World::submitted(Limited);
    assert_eq!(
        refusal(world.tries(OWNER, submission(1))),
        Refusal::NotInThisState {
            action: ActionKind::Submit,
            state: StateKind::Submitted
        }
    );
}

// Assignment.

#[test]
fn taking_a_submitted_case_begins_completeness() {
    let mut world = World::submitted(Limited);
    world.does(REVIEWER, seat(Seat::Case, REVIEWER, Role::Reviewer, None));
    assert_eq!(world.case.state, State::Completeness);
    assert_eq!(world.case.assignee(), Some(REVIEWER));
}

#[test]
fn a_seat_that_changed_hands_since_one_looked_is_not_taken() {
    let mut world = World::completeness(Limited);
    let stale = seat(Seat::Case, OTHER_REVIEWER, Role::Reviewer, None);
    assert_eq!(
        refusal(world.tries(LEAD, stale)),
        Refusal::SeatTaken {
            seat: Seat::Case,
            now: Some(REVIEWER)
        }
    );
}

#[test]
fn a_seat_goes_from_one_to_another_who_saw_the_first() {
    let mut world = World::completeness(Limited);
    let take_over = seat(Seat::Case, OTHER_REVIEWER, Role::Reviewer, Some(REVIEWER));
    world.does(LEAD, take_over);
    assert_eq!(world.case.assignee(), Some(OTHER_REVIEWER));
    assert_eq!(
        world.case.past_assignees,
        BTreeSet::from([REVIEWER, OTHER_REVIEWER])
    );
}

#[test]
fn a_seat_is_not_given_to_its_holder() {
    let mut world = World::completeness(Limited);
    let again = seat(Seat::Case, REVIEWER, Role::Reviewer, Some(REVIEWER));
    assert_eq!(
        refusal(world.tries(LEAD, again)),
        Refusal::AlreadyAssigned { seat: Seat::Case }
    );
}

#[test]
fn each_seat_needs_its_role() {
    let mut world = World::review(Full);
    for (kind, holder, role) in [
        (Seat::Case, Some(REVIEWER), Role::TechnicalReviewer),
        (Seat::Commercial, Some(COMMERCIAL), Role::Reviewer),
        (Seat::Technical, Some(TECHNICAL), Role::CommercialReviewer),
    ] {
        let attempt = seat(kind, OTHER_REVIEWER, role, holder);
        assert_eq!(
            refusal(world.tries(LEAD, attempt)),
            Refusal::NotCompetent { seat: kind }
        );
    }
}

#[test]
fn a_member_of_the_app_gets_no_seat() {
    let mut world = World::submitted(Limited);
    let attempt = Action::Assign {
        seat: Seat::Case,
        to: REVIEWER,
        roles: BTreeSet::from([Role::Reviewer]),
        is_member: true,
        seen: None,
    };
    assert_eq!(
        refusal(world.tries(REVIEWER, attempt)),
        Refusal::ConflictOfInterest
    );
}

#[test]
fn an_empty_seat_is_not_released() {
    let mut world = World::review(Limited);
    world.does(
        COMMERCIAL,
        Action::Release {
            seat: Seat::Commercial,
            seen: Some(COMMERCIAL),
        },
    );
    assert_eq!(
        world.available(ActionKind::ReleaseCommercial),
        Err(Refusal::SeatEmpty {
            seat: Seat::Commercial
        })
    );
}

#[test]
fn an_application_for_limited_access_has_no_technical_review() {
    let world = World::review(Limited);
    for action in [
        ActionKind::AssignTechnical,
        ActionKind::CheckTechnical,
        ActionKind::RecordTechnicalFinding,
        ActionKind::PassTechnical,
    ] {
        assert_eq!(world.available(action), Err(Refusal::NoTechnicalTrack));
    }
}

// Clarification.

#[test]
fn a_clarification_request_asks_something_and_has_a_date_to_come() {
    let mut world = World::completeness(Limited);
    let due = world.in_days(5);
    let empty = Action::RequestClarification {
        questions: Vec::new(),
        due,
    };
    assert_eq!(fields(world.tries(REVIEWER, empty)), ["text"]);
    let blank = world.question("   ");
    assert_eq!(fields(world.tries(REVIEWER, blank)), ["text"]);
    let late = Action::RequestClarification {
        questions: vec![Asked {
            id: QuestionId(Uuid::from_u128(1)),
            pin: Pin::Case,
            text: "Why?".to_owned(),
        }],
        due: world.now,
    };
    assert_eq!(fields(world.tries(REVIEWER, late)), ["due"]);
    assert_eq!(world.case.state, State::Completeness);
}

#[test]
fn a_question_is_pinned_to_an_item_that_exists() {
    let mut world = World::completeness(Limited);
    let due = world.in_days(5);
    let attempt = Action::RequestClarification {
        questions: vec![Asked {
            id: QuestionId(Uuid::from_u128(1)),
            pin: Pin::Item {
                list: ListKind::Technical,
                key: "tls".to_owned(),
            },
            text: "Which version?".to_owned(),
        }],
        due,
    };
    assert_eq!(
        refusal(world.tries(REVIEWER, attempt)),
        Refusal::UnknownItem {
            list: ListKind::Technical
        }
    );
}

#[test]
fn an_answered_clarification_goes_back_to_where_it_came_from() {
    let mut world = World::clarification(Limited);
    let answers = world.answers("Adults with diabetes.");
    world.does(OWNER, answers);
    assert_eq!(world.case.state, State::Completeness);

    let mut world = World::review(Limited);
    let question = world.question("Which markets?");
    world.does(COMMERCIAL, question);
    let answers = world.answers("The EU.");
    world.does(OWNER, answers);
    assert_eq!(world.case.state, State::Review);
}

#[test]
fn every_question_needs_its_answer() {
    let mut world = World::completeness(Limited);
    let (first, second) = (
        QuestionId(Uuid::from_u128(1)),
        QuestionId(Uuid::from_u128(2)),
    );
    let asked = |id| Asked {
        id,
        pin: Pin::Case,
        text: "Why?".to_owned(),
    };
    let due = world.in_days(5);
    world.does(
        REVIEWER,
        Action::RequestClarification {
            questions: vec![asked(first), asked(second)],
            due,
        },
    );
    let answered = |question, text: &str| Answered {
        question,
        text: text.to_owned(),
    };
    let partly = Action::AnswerClarification {
        answers: vec![answered(first, "So that."), answered(second, " \n")],
        submission: None,
    };
    assert_eq!(fields(world.tries(OWNER, partly)), [second.to_string()]);
    let foreign = Action::AnswerClarification {
        answers: vec![answered(QuestionId(Uuid::from_u128(9)), "So that.")],
        submission: None,
    };
    assert_eq!(
        refusal(world.tries(OWNER, foreign)),
        Refusal::UnknownQuestion
    );
}

#[test]
fn the_clock_passes_to_the_developer_and_back() {
    let mut world = World::clarification(Limited);
    let asked = world.now;
    world.pass_days(2);
    let answers = world.answers("Adults.");
    world.does(OWNER, answers);
    let spent = world.case.clock.spent(world.now, &world.calendar);
    assert_eq!(spent.developer, world.now.since(asked));
    assert_eq!(spent.us, Duration::HOUR * 2);
}

// Completeness.

#[test]
fn completeness_is_confirmed_when_every_item_is_checked_and_none_failed() {
    let mut world = World::completeness(Limited);
    let list = ListKind::Completeness;
    world.does(REVIEWER, check(list, "fields", Verdict::Pass));
    assert_eq!(
        world.available(ActionKind::ConfirmComplete),
        Err(Refusal::ChecklistIncomplete { list, open: 1 })
    );
    world.does(REVIEWER, check(list, "files", Verdict::Fail));
    assert_eq!(
        world.available(ActionKind::ConfirmComplete),
        Err(Refusal::CompletenessFailed { failed: 1 })
    );
    world.does(REVIEWER, check(list, "files", Verdict::Pass));
    world.does(REVIEWER, Action::ConfirmComplete);
    assert_eq!(world.case.state, State::Review);
}

#[test]
fn not_applicable_needs_a_reason() {
    let mut world = World::completeness(Limited);
    let reason = " ".to_owned();
    let attempt = check(
        ListKind::Completeness,
        "files",
        Verdict::NotApplicable { reason },
    );
    assert_eq!(fields(world.tries(REVIEWER, attempt)), ["reason"]);
}

#[test]
fn an_item_that_the_list_does_not_have_is_not_checked() {
    let mut world = World::completeness(Limited);
    let list = ListKind::Completeness;
    assert_eq!(
        refusal(world.tries(REVIEWER, check(list, "use_case", Verdict::Pass))),
        Refusal::UnknownItem { list }
    );
}

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
            reason,
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
        reason: String::new(),
    };
    assert_eq!(fields(world.tries(COMMERCIAL, silent)), ["reason"]);
    let reason = "Known since the pilot.".to_owned();
    world.does(
        COMMERCIAL,
        Action::WaiveFinding {
            finding: waived,
            reason: reason.clone(),
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
                reason
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

// Corrections.

#[test]
fn corrections_are_requested_when_a_blocker_or_major_finding_is_open() {
    let mut world = World::review(Limited);
    world.find(ListKind::Commercial, "markets", Severity::Minor);
    assert_eq!(
        world.available(ActionKind::RequestCorrections),
        Err(Refusal::NothingToCorrect)
    );
    world.find(ListKind::Commercial, "use_case", Severity::Major);
    assert_eq!(world.available(ActionKind::RequestCorrections), Ok(()));
}

#[test]
fn every_finding_needs_a_response_and_a_resubmission_opens_the_next_round() {
    let mut world = World::corrections(Limited);
    let finding = world.case.findings[0].id;
    let silent = Action::Resubmit {
        responses: Vec::new(),
        submission: None,
    };
    assert_eq!(fields(world.tries(OWNER, silent)), [finding.to_string()]);
    let foreign = Action::Resubmit {
        responses: vec![Response {
            finding: FindingId(Uuid::nil()),
            text: "Mended.".to_owned(),
        }],
        submission: None,
    };
    assert_eq!(
        refusal(world.tries(OWNER, foreign)),
        Refusal::UnknownFinding
    );
    let responses = world.responses("The EU and Japan.");
    world.does(OWNER, responses);
    assert_eq!(world.case.state, State::Review);
    assert_eq!(world.case.round, 2);
    assert!(matches!(
        world.case.findings[0].status,
        FindingStatus::Responded { .. }
    ));
}

#[test]
fn a_finding_is_resolved_when_its_item_is_checked_again() {
    let mut world = World::corrections(Limited);
    let responses = world.responses("The EU.");
    world.does(OWNER, responses);
    world.mark_all(COMMERCIAL, ListKind::Commercial);
    assert!(matches!(
        world.case.findings[0].status,
        FindingStatus::Resolved { .. }
    ));
}

#[test]
fn a_new_round_looks_again_at_what_failed_alone() {
    let mut world = World::review(Limited);
    let list = ListKind::Commercial;
    world.does(COMMERCIAL, check(list, "markets", Verdict::Pass));
    let id = FindingId(world.id());
    let mut fail = check(list, "use_case", Verdict::Fail);
    if let Action::CheckItem { finding, .. } = &mut fail {
        *finding = Some(workflow::action::NewFinding {
            id,
            severity: Severity::Major,
            text: "No use.".to_owned(),
        });
    }
    world.does(COMMERCIAL, fail);
    let due = world.in_days(20);
    world.does(COMMERCIAL, Action::RequestCorrections { due });
    let responses = world.responses("The use is described.");
    world.does(OWNER, responses);
    let marks: Vec<&String> = world.case.commercial.marks.keys().collect();
    assert_eq!(marks, ["markets"]);
}

// The agreement.

#[test]
fn for_limited_access_the_agreement_opens_once_the_review_has_passed() {
    let world = World::review(Limited);
    assert_eq!(
        world.available(ActionKind::AcceptDla),
        Err(Refusal::AgreementNotOpen)
    );
    let world = World::agreement(Limited);
    assert_eq!(world.available(ActionKind::AcceptDla), Ok(()));
}

#[test]
fn for_full_access_the_agreement_is_open_from_completeness_on_and_changes_no_state() {
    let mut world = World::review(Full);
    world.does(OWNER, accept_dla());
    assert_eq!(world.case.state, State::Review);
    world.pass(Track::Commercial);
    world.pass(Track::Technical);
    assert_eq!(world.case.state, State::Decision);
}

#[test]
fn for_full_access_the_agreement_is_closed_before_completeness_is_confirmed() {
    let world = World::clarification(Full);
    assert_eq!(
        world.available(ActionKind::AcceptDla),
        Err(Refusal::AgreementNotOpen)
    );
}

#[test]
fn the_agreement_is_accepted_once() {
    let mut world = World::review(Full);
    world.does(OWNER, accept_dla());
    assert_eq!(
        refusal(world.tries(OWNER, accept_dla())),
        Refusal::AgreementAccepted
    );
}

#[test]
fn an_outdated_agreement_an_unticked_box_or_no_capacity_is_no_acceptance() {
    let mut world = World::agreement(Limited);
    let attempt = |version, consent, capacity: &str| {
        let mut acceptance = acceptance(version);
        acceptance.capacity = capacity.to_owned();
        Action::AcceptDla {
            acceptance,
            current_version: 2,
            consent,
        }
    };
    let outdated = attempt(1, true, "Director");
    assert_eq!(
        refusal(world.tries(OWNER, outdated)),
        Refusal::AgreementOutdated { current: 2 }
    );
    let unticked = attempt(2, false, "Director");
    assert_eq!(fields(world.tries(OWNER, unticked)), ["consent"]);
    let nobody = attempt(2, true, "");
    assert_eq!(fields(world.tries(OWNER, nobody)), ["capacity"]);
}

// The decision.

#[test]
fn approval_is_refused_when_the_trail_has_changed_since_it_was_read() {
    let mut world = World::decision(Limited);
    let seen = world.case.version;
    let reason = DeclineReason::UseCase;
    let text = "Wait.".to_owned();
    world.does(COMMERCIAL, Action::ProposeDecline { reason, text });
    assert_eq!(
        refusal(world.tries(APPROVER, approve(Limited, seen))),
        Refusal::TrailChanged {
            seen,
            now: seen + 1
        }
    );
    world.does(APPROVER, approve(Limited, seen + 1));
    assert_eq!(world.case.state, State::Approved);
}

#[test]
fn nothing_is_approved_before_the_decision() {
    for world in [
        World::submitted(Full),
        World::review(Full),
        World::agreement(Full),
    ] {
        let state = world.case.state.kind();
        assert_eq!(
            world.available(ActionKind::Approve),
            Err(Refusal::NotInThisState {
                action: ActionKind::Approve,
                state
            })
        );
    }
}

#[test]
fn both_guards_of_the_approval_hold_by_themselves() {
    let mut world = World::decision(Full);
    let acceptance = world.case.acceptance.take();
    assert_eq!(
        world.available(ActionKind::Approve),
        Err(Refusal::AgreementOpen)
    );
    world.case.acceptance = acceptance;
    world.case.technical.as_mut().unwrap().passed = None;
    assert_eq!(
        world.available(ActionKind::Approve),
        Err(Refusal::TracksOpen)
    );
}

#[test]
fn declining_needs_words_and_empties_the_seats() {
    let mut world = World::review(Limited);
    assert_eq!(fields(world.tries(APPROVER, decline(""))), ["text"]);
    world.does(APPROVER, decline("No use of the data."));
    assert_eq!(world.case.state, State::Declined { at: world.now });
    assert!(world.case.seats.is_empty());
}

#[test]
fn a_text_longer_than_a_field_takes_is_refused_and_one_as_long_is_not() {
    let mut world = World::review(Limited);
    let longest = "é".repeat(LONGEST_TEXT);
    let longer = format!("{longest}é");
    assert_eq!(fields(world.tries(APPROVER, decline(&longer))), ["text"]);
    world.does(APPROVER, decline(&longest));
}

// Ends.

#[test]
fn an_open_case_can_be_withdrawn_and_an_ended_one_cannot() {
    for mut world in [
        World::draft(Full),
        World::review(Full),
        World::decision(Full),
    ] {
        let reason = String::new();
        world.does(OWNER, Action::Withdraw { reason });
        assert_eq!(world.case.state, State::Withdrawn);
        for action in ActionKind::ALL {
            assert!(world.available(*action).is_err(), "{action:?}");
        }
    }
}

#[test]
fn a_reminder_goes_out_before_the_date_and_another_after_it() {
    let mut world = World::clarification(Limited);
    let due = world.case.state.developer_due().unwrap();
    let first = world.calendar.before(due, 3);
    assert_eq!(
        world.available(ActionKind::Remind),
        Err(Refusal::TooEarly { due: first })
    );
    world.now = first;
    world.ticks(Action::Remind);
    assert_eq!(
        world.available(ActionKind::Remind),
        Err(Refusal::TooEarly { due })
    );
    world.now = due;
    world.ticks(Action::Remind);
    assert_eq!(
        world.available(ActionKind::Remind),
        Err(Refusal::RemindersSent)
    );
}

#[test]
fn a_case_lapses_after_date_and_grace_and_never_unreminded() {
    for (mut world, missed) in [
        (World::clarification(Limited), Missed::Clarification),
        (World::corrections(Limited), Missed::Corrections),
        (World::agreement(Limited), Missed::Agreement),
    ] {
        let due = world.case.state.developer_due().unwrap();
        let end = world.calendar.due(due, 5);
        world.now = end;
        assert_eq!(
            world.available(ActionKind::Lapse),
            Err(Refusal::TooEarly { due: end })
        );
        world.now = end.plus(Duration::MICROSECOND);
        assert_eq!(
            world.available(ActionKind::Lapse),
            Err(Refusal::NotReminded)
        );
        world.ticks(Action::Remind);
        world.ticks(Action::Lapse);
        let at = world.now;
        assert_eq!(world.case.state, State::Lapsed { at, missed });
    }
}

#[test]
fn what_waits_for_us_never_lapses() {
    for mut world in [
        World::submitted(Full),
        World::review(Full),
        World::decision(Full),
    ] {
        world.pass_days(1000);
        assert!(world.available(ActionKind::Lapse).is_err());
        assert!(world.available(ActionKind::Remind).is_err());
    }
}

#[test]
fn a_reopened_case_begins_again_with_someone_else_and_only_once() {
    let mut world = World::lapsed(Limited);
    assert_eq!(
        refusal(world.tries(LEAD, reopen(REVIEWER))),
        Refusal::SameAssignee
    );
    world.does(LEAD, reopen(OTHER_REVIEWER));
    assert_eq!(world.case.state, State::Completeness);
    assert_eq!(world.case.assignee(), Some(OTHER_REVIEWER));
    assert_eq!(world.case.round, 2);
    assert!(world.case.completeness.marks.is_empty());
    world.does(APPROVER, decline("Still no use."));
    assert_eq!(
        world.available(ActionKind::Reopen),
        Err(Refusal::ReopenedBefore)
    );
}

#[test]
fn an_appeal_is_heard_for_thirty_days() {
    let mut world = World::review(Limited);
    world.does(APPROVER, decline("No use."));
    world.pass_days(30);
    assert_eq!(world.available(ActionKind::Reopen), Ok(()));
    world.now = world.now.plus(Duration::MICROSECOND);
    assert_eq!(
        world.available(ActionKind::Reopen),
        Err(Refusal::AppealOver)
    );
}

// The grant.

#[test]
fn a_grant_is_suspended_reinstated_and_revoked_each_with_a_reason() {
    let mut world = World::approved(Limited);
    let because = || "A leak was reported.".to_owned();
    let status = |world: &World| world.case.grant.as_ref().unwrap().status;
    assert_eq!(
        world.available(ActionKind::ReinstateGrant),
        Err(Refusal::GrantNotSuspended)
    );
    let silent = Action::SuspendGrant {
        reason: String::new(),
    };
    assert_eq!(fields(world.tries(APPROVER, silent)), ["reason"]);
    world.does(APPROVER, Action::SuspendGrant { reason: because() });
    assert_eq!(status(&world), GrantStatus::Suspended);
    assert_eq!(
        world.available(ActionKind::SuspendGrant),
        Err(Refusal::GrantNotActive)
    );
    world.does(APPROVER, Action::ReinstateGrant { reason: because() });
    assert_eq!(status(&world), GrantStatus::Active);
    world.does(APPROVER, Action::RevokeGrant { reason: because() });
    assert_eq!(status(&world), GrantStatus::Revoked);
    assert_eq!(
        world.available(ActionKind::RevokeGrant),
        Err(Refusal::GrantRevoked)
    );
}

#[test]
fn the_cap_is_stamped_on_a_grant_of_limited_access() {
    let cap = |world: World| world.case.grant.unwrap().cap;
    assert_eq!(cap(World::approved(Limited)), Some(20));
    assert_eq!(cap(World::approved(Full)), None);
}
