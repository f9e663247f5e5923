//! Each guard and each rule, as a sentence: submission, assignment, clarification, completeness.

use std::collections::BTreeSet;
use time::Duration;
use uuid::Uuid;
use workflow::{
    Action, ActionKind, QuestionId, Refusal, Role, StateKind, checklist::ListKind,
    checklist::Verdict, event::Answered, event::Asked, event::Pin, form::Problem,
    state::AccessLevel, state::Seat, state::State, state::Track,
};

use crate::support::*;

use AccessLevel::{Full, Limited};

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
fn the_tracks_of_one_case_are_worked_by_different_people() {
    let mut world = World::review(Full);
    let both = |seat_of, now| seat(seat_of, COMMERCIAL, seat_of.role(), now);
    let attempt = both(Seat::Technical, Some(TECHNICAL));
    assert_eq!(
        refusal(world.tries(LEAD, attempt.clone())),
        Refusal::OneTrackEach
    );
    // Nor once the own track is passed and let go.
    world.pass(Track::Commercial);
    let release = Action::Release {
        seat: Seat::Commercial,
        seen: Some(COMMERCIAL),
        note: Internal::default(),
        away: None,
    };
    world.does(COMMERCIAL, release);
    assert_eq!(refusal(world.tries(LEAD, attempt)), Refusal::OneTrackEach);
}

#[test]
fn a_member_of_the_app_gets_no_seat() {
    let mut world = World::submitted(Limited);
    let attempt = Action::Assign {
        seat: Seat::Case,
        to: REVIEWER,
        roles: BTreeSet::from([Role::Reviewer]),
        is_member: true,
        away: None,
        seen: None,
        note: Internal::default(),
    };
    assert_eq!(
        refusal(world.tries(REVIEWER, attempt)),
        Refusal::ConflictOfInterest
    );
}

#[test]
fn a_seat_is_given_back_by_the_clock_as_by_its_holder() {
    let mut world = World::review(Limited);
    world.ticks(Action::Release {
        seat: Seat::Commercial,
        seen: Some(COMMERCIAL),
        note: Internal::default(),
        away: None,
    });
    assert_eq!(world.case.seats.get(&Seat::Commercial), None);
    assert!(world.case.seats.contains_key(&Seat::Case));
}

#[test]
fn who_is_away_gets_no_seat() {
    let mut world = World::submitted(Limited);
    let until = world.now;
    let attempt = Action::Assign {
        seat: Seat::Case,
        to: REVIEWER,
        roles: BTreeSet::from([Role::Reviewer]),
        is_member: false,
        away: Some(until),
        seen: None,
        note: Internal::default(),
    };
    assert_eq!(refusal(world.tries(LEAD, attempt)), Refusal::Away { until });
}

#[test]
fn a_note_stays_for_the_next_holder_until_that_one_has_taken_a_step() {
    let mut world = World::review(Limited);
    let note = "The terms are still to be read.";
    let release = |note: &str| Action::Release {
        seat: Seat::Commercial,
        seen: Some(COMMERCIAL),
        note: Internal::written(note.to_owned()),
        away: None,
    };
    let stands = |world: &World| {
        let left = world.case.handed_over.get(&Seat::Commercial);
        left.map(|left| left.note.clone())
    };
    world.does(COMMERCIAL, release(note));
    let take = || seat(Seat::Commercial, COMMERCIAL, Role::CommercialReviewer, None);
    world.does(LEAD, take());
    // Given back without a step, and without a word: nobody has worked on it.
    world.does(COMMERCIAL, release(""));
    world.does(LEAD, take());
    assert_eq!(stands(&world), Some(Internal::written(note)));
    world.pass(Track::Commercial);
    assert_eq!(stands(&world), None);
}

#[test]
fn an_empty_seat_is_not_released() {
    let mut world = World::review(Limited);
    world.does(
        COMMERCIAL,
        Action::Release {
            seat: Seat::Commercial,
            seen: Some(COMMERCIAL),
            note: Internal::default(),
            away: None,
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
            text: Outward::written("Why?"),
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
            text: Outward::written("Which version?"),
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
        text: Outward::written("Why?"),
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
        Verdict::NotApplicable {
            reason: Internal::written(reason),
        },
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
