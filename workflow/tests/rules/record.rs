//! What stands in the record: what each step writes down, and what it does not.

use std::collections::BTreeSet;
use workflow::{
    Action, ActionKind, Actor, Case, Event, Recorded, Refusal, Relation,
    checklist::{FindingStatus, ListKind, Severity, Verdict},
    event::{DeclineReason, Submission},
    relied::Places,
    state::{AccessLevel, Seat, Side, Track},
    transition::{StepSide, Work},
};

use crate::support::*;

use AccessLevel::{Full, Limited};

/// The newest event.
fn newest(world: &World) -> &Event {
    &world.history.last().unwrap().event
}

#[test]
fn what_says_nothing_new_is_no_event() {
    let mut world = World::draft(Limited);
    let silent = Action::EditDraft { fields: Vec::new() };
    assert_eq!(world.tries(OWNER, silent), Ok(Vec::new()));
    assert_eq!(world.case.version, 1);
    let fields = vec!["name".to_owned()];
    let typed = Action::EditDraft {
        fields: fields.clone(),
    };
    assert_eq!(
        world.tries(OWNER, typed),
        Ok(vec![Event::DraftEdited { fields }])
    );
    assert_eq!(world.case.version, 2);
}

#[test]
fn a_seat_is_released_by_who_saw_whose_it_is() {
    let mut world = World::review(Limited);
    let seat = Seat::Commercial;
    let release = |seen| Action::Release {
        seat,
        seen,
        note: Internal::default(),
        away: None,
    };
    for seen in [None, Some(OTHER_REVIEWER)] {
        assert_eq!(
            refusal(world.tries(LEAD, release(seen))),
            Refusal::SeatTaken {
                seat,
                now: Some(COMMERCIAL)
            }
        );
    }
    world.does(LEAD, release(Some(COMMERCIAL)));
    let released = Event::Released {
        seat,
        from: COMMERCIAL,
        note: Internal::default(),
        away: None,
    };
    assert_eq!(newest(&world), &released);
}

#[test]
fn the_second_reminder_says_that_the_date_has_passed() {
    let mut world = World::clarification(Limited);
    let due = world.case.state.developer_due().unwrap();
    for (now, overdue) in [(world.calendar.before(due, 3), false), (due, true)] {
        world.now = now;
        world.ticks(Action::Remind);
        assert_eq!(newest(&world), &Event::Reminded { overdue });
    }
}

#[test]
fn reminders_are_counted_anew_when_it_is_the_developers_turn_again() {
    let mut world = World::clarification(Limited);
    world.pass_days(60);
    world.ticks(Action::Remind);
    let answers = world.answers("Adults.");
    world.does(OWNER, answers);
    assert_eq!(world.case.reminders, 0);
    let question = world.question("Which adults?");
    world.does(REVIEWER, question);
    world.pass_days(60);
    assert_eq!(
        world.available(ActionKind::Lapse),
        Err(Refusal::NotReminded)
    );
    world.ticks(Action::Remind);
    assert_eq!(newest(&world), &Event::Reminded { overdue: false });
}

#[test]
fn the_last_track_sets_the_date_of_the_agreement_that_is_not_accepted_yet() {
    let due_of = |world: &World| match newest(world) {
        Event::TrackPassed { agreement_due, .. } => *agreement_due,
        other => panic!("{other:?}"),
    };
    for (first, last) in [
        (Track::Commercial, Track::Technical),
        (Track::Technical, Track::Commercial),
    ] {
        let mut world = World::review(Full);
        world.pass(first);
        assert_eq!(due_of(&world), None, "another track is open");
        world.pass(last);
        let due = world.calendar.due(world.now, world.settings.agreement_days);
        assert_eq!(due_of(&world), Some(due));
        assert_eq!(world.case.state.developer_due(), Some(due));

        let mut world = World::review(Full);
        world.does(OWNER, accept_dla());
        world.pass(first);
        assert_eq!(due_of(&world), None);
        world.pass(last);
        assert_eq!(due_of(&world), None, "it is accepted already");
    }
}

#[test]
fn what_fails_completeness_is_asked_about_and_what_fails_a_review_is_a_finding() {
    let mut world = World::completeness(Limited);
    let failed = check(ListKind::Completeness, "files", Verdict::Fail);
    let events = world.tries(REVIEWER, failed).unwrap();
    assert!(matches!(events[..], [Event::ItemChecked { .. }]));
    let mut world = World::review(Limited);
    let passed = check(ListKind::Commercial, "markets", Verdict::Pass);
    let events = world.tries(COMMERCIAL, passed).unwrap();
    assert!(matches!(events[..], [Event::ItemChecked { .. }]));
}

#[test]
fn a_mark_settles_the_findings_of_its_item_alone() {
    let mut world = World::review(Full);
    let due = world.in_days(30);
    let mended = world.find(ListKind::Commercial, "use_case", Severity::Major);
    let dated = world.find(ListKind::Commercial, "use_case", Severity::Minor);
    let other_item = world.find(ListKind::Commercial, "markets", Severity::Major);
    let other_list = world.find(ListKind::Technical, "tls", Severity::Major);
    let finding = dated;
    world.does(COMMERCIAL, Action::DateFinding { finding, due });
    // A failed check leaves everything as it stood.
    let fail = |item: &str| Event::ItemChecked {
        list: ListKind::Commercial,
        item: item.to_owned(),
        verdict: Verdict::Fail,
        evidence: String::new(),
        relied: None,
    };
    let before = world.case.findings.clone();
    let at = world.now;
    let by = Actor::Person(COMMERCIAL);
    let event = fail("use_case");
    world.case.apply(&Recorded { at, by, event });
    assert_eq!(world.case.findings, before);
    let pass = check(ListKind::Commercial, "use_case", Verdict::Pass);
    world.does(COMMERCIAL, pass);
    let resolved: Vec<_> = world
        .case
        .findings
        .iter()
        .filter(|finding| matches!(finding.status, FindingStatus::Resolved { .. }))
        .map(|finding| finding.id)
        .collect();
    assert_eq!(resolved, [mended, dated]);
    let standing: Vec<_> = world.case.standing_findings().map(|f| f.id).collect();
    assert_eq!(standing, [other_item, other_list]);
}

#[test]
fn an_answer_that_amends_a_field_brings_its_revision_and_another_keeps_the_old() {
    let mut world = World::clarification(Limited);
    let first = world.case.submission.clone().unwrap();
    let answers = world.answers("Adults.");
    world.does(OWNER, answers);
    assert_eq!(world.case.submission, Some(first));
    let question = world.question("Which adults?");
    world.does(REVIEWER, question);
    let Action::AnswerClarification { answers, .. } = world.answers("All.") else {
        unreachable!()
    };
    let second = Submission {
        revision: 2,
        sha256: "6".repeat(64),
        places: Places::new(),
    };
    let submission = Some(second.clone());
    let answer = Action::AnswerClarification {
        answers,
        submission,
    };
    world.does(OWNER, answer);
    assert_eq!(world.case.submission, Some(second));
    let told = world.case.questions.iter().map(|question| {
        let answer = question.answer.as_ref().unwrap();
        (answer.text.as_str(), answer.given.by)
    });
    let told: Vec<_> = told.collect();
    assert_eq!(told, [("Adults.", OWNER), ("All.", OWNER)]);
}

#[test]
fn a_step_says_why_where_a_person_was_asked_to_and_said_it() {
    let mut world = World::review(Limited);
    let proposal = Action::ProposeDecline {
        reason: DeclineReason::UseCase,
        text: Internal::written("No use."),
    };
    world.does(COMMERCIAL, proposal);
    assert_eq!(newest(&world).reason(), Some("No use."));
    let reason = "It is not needed here.".to_owned();
    let verdict = Verdict::NotApplicable {
        reason: Internal::written(reason),
    };
    world.does(COMMERCIAL, check(ListKind::Commercial, "markets", verdict));
    assert_eq!(newest(&world).reason(), Some("It is not needed here."));
    world.does(
        COMMERCIAL,
        check(ListKind::Commercial, "markets", Verdict::Pass),
    );
    assert_eq!(newest(&world).reason(), None);
    let reason = String::new();
    world.does(OWNER, Action::Withdraw { reason });
    assert_eq!(newest(&world).reason(), None, "nothing was said");
    let approved = World::approved(Limited);
    assert_eq!(newest(&approved).reason(), None, "without a note");
}

#[test]
fn a_person_is_to_a_case_what_they_hold_and_what_they_did() {
    let world = World::review(Full);
    for (person, relations) in [
        (OWNER, BTreeSet::new()),
        (OTHER_REVIEWER, BTreeSet::new()),
        (
            REVIEWER,
            BTreeSet::from([Relation::Assignee, Relation::CaseReviewer]),
        ),
        (COMMERCIAL, BTreeSet::from([Relation::CommercialSeat])),
        (TECHNICAL, BTreeSet::from([Relation::TechnicalSeat])),
    ] {
        assert_eq!(world.case.relations_of(person), relations);
    }
}

#[test]
fn a_history_that_does_not_begin_at_the_beginning_gives_no_case() {
    let world = World::review(Limited);
    assert_eq!(Case::replay([]), None);
    assert_eq!(Case::replay(&world.history[1..]), None);
    assert_eq!(Case::replay(&world.history), Some(world.case));
}

#[test]
fn an_event_comes_of_a_step_of_its_name_and_tells_whose_work_it_was() {
    let mut worlds = [
        World::approved(Full),
        World::corrections(Full),
        World::lapsed(Limited),
        World::clarification(Limited),
    ];
    let answers = worlds[3].answers("Adults.");
    worlds[3].does(OWNER, answers);
    let mut names = BTreeSet::new();
    for one in worlds.iter().flat_map(|world| &world.history) {
        names.insert(one.event.name());
        let Some(step) = one.event.step() else {
            assert_eq!(one.event.name(), "started");
            continue;
        };
        let row = step.row();
        assert_eq!(row.action, step);
        assert_eq!(one.event.is_review_work(), row.work == Work::Review);
        assert_eq!(one.by == Actor::Clock, row.side == StepSide::Clock);
        assert_eq!(
            one.by == Actor::Person(OWNER),
            row.side == StepSide::Developer
        );
    }
    let told: Vec<_> = names.into_iter().collect();
    assert_eq!(
        told,
        [
            "approved",
            "assigned",
            "clarification_answered",
            "clarification_requested",
            "completeness_confirmed",
            "corrections_requested",
            "dla_accepted",
            "finding_recorded",
            "item_checked",
            "lapsed",
            "reminded",
            "started",
            "submitted",
            "track_passed",
        ]
    );
}

#[test]
fn a_draft_costs_nobody_time_and_an_ended_case_neither() {
    let mut world = World::draft(Limited);
    world.pass_days(7);
    assert_eq!(world.case.clock.running(), None);
    assert_eq!(world.case.clock.started(), None);
    world.does(OWNER, submission(1));
    let handed_in = world.now;
    assert_eq!(world.case.clock.running(), Some((Side::Us, handed_in)));
    assert_eq!(world.case.clock.started(), Some(handed_in));
    // It runs on while the case stays on its side.
    world.pass_days(1);
    let event = Event::DraftEdited { fields: Vec::new() };
    let (at, by) = (world.now, Actor::Person(REVIEWER));
    world.case.apply(&Recorded { at, by, event });
    assert_eq!(world.case.clock.running(), Some((Side::Us, handed_in)));
    world.pass_days(-1);
    let reason = String::new();
    world.does(OWNER, Action::Withdraw { reason });
    let ended = world.case.clock.spent(world.now, &world.calendar);
    assert_eq!(ended.us, time::Duration::HOUR);
    world.pass_days(7);
    assert_eq!(world.case.clock.spent(world.now, &world.calendar), ended);
}
