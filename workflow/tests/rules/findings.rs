//! The life of a finding: looked at again during the review, and after the approval with a date.

use workflow::{
    Action, ActionKind, Event, FindingId, Refusal, Timestamp,
    action::NewFinding,
    checklist::{Finding, FindingStatus, ListKind, Severity, Verdict},
    event::{Actor, Recorded},
    state::AccessLevel,
};

use crate::support::*;

use AccessLevel::{Full, Limited};

const COMMERCIAL_LIST: ListKind = ListKind::Commercial;

/// An approved case with one commercial finding to be corrected within thirty days.
fn approved() -> (World, FindingId, Timestamp) {
    let world = World::approved_with_dates(Limited);
    let (finding, due) = world.case.dated_findings().next().unwrap();
    let finding = finding.id;
    (world, finding, due)
}

fn report(finding: FindingId, text: &str) -> Action {
    let text = text.to_owned();
    Action::ReportCorrection { finding, text }
}

/// By a reviewer who sees the case as it stands.
fn retest(
    world: &World,
    list: ListKind,
    finding: FindingId,
    corrected: bool,
    text: &str,
) -> Action {
    let found = world.case.findings.iter().find(|one| one.id == finding);
    Action::RetestFinding {
        list,
        finding,
        corrected,
        text: Outward::written(text.to_owned()),
        seen: found.and_then(Finding::reported_at),
    }
}

#[test]
fn what_has_a_date_is_reported_and_looked_at_until_it_is_corrected() {
    let (mut world, finding, due) = approved();
    assert_eq!(fields(world.tries(OWNER, report(finding, " "))), ["text"]);
    world.does(OWNER, report(finding, "The page names the use."));
    assert_eq!(
        refusal(world.tries(OWNER, report(finding, "Again."))),
        Refusal::CorrectionReported
    );
    let silent = retest(&world, COMMERCIAL_LIST, finding, false, "");
    assert_eq!(fields(world.tries(COMMERCIAL, silent)), ["text"]);
    let not_yet = retest(
        &world,
        COMMERCIAL_LIST,
        finding,
        false,
        "It names another use.",
    );
    world.does(COMMERCIAL, not_yet);
    assert!(!world.case.findings[0].is_reported());
    assert_eq!(world.case.findings[0].dated(), Some(due));
    world.does(OWNER, report(finding, "Now it does."));
    let seen = retest(&world, COMMERCIAL_LIST, finding, true, "");
    world.does(COMMERCIAL, seen);
    assert!(matches!(
        world.case.findings[0].status,
        FindingStatus::Resolved { by: COMMERCIAL, .. }
    ));
    for action in [
        ActionKind::ReportCorrection,
        ActionKind::RetestCommercialFinding,
        ActionKind::RemindFindings,
    ] {
        assert_eq!(world.available(action), Err(Refusal::NothingDated));
    }
}

#[test]
fn nobody_judges_a_report_that_came_after_they_looked() {
    let (mut world, finding, _) = approved();
    let before = retest(&world, COMMERCIAL_LIST, finding, false, "Nothing was done.");
    world.does(OWNER, report(finding, "The page names the use."));
    assert_eq!(
        refusal(world.tries(COMMERCIAL, before)),
        Refusal::TrailChanged
    );
    assert!(world.case.findings[0].is_reported());
}

#[test]
fn a_reviewer_may_look_unasked_and_at_the_findings_of_the_list_alone() {
    let (mut world, finding, _) = approved();
    assert_eq!(
        world.available(ActionKind::RetestTechnicalFinding),
        Err(Refusal::NothingDated)
    );
    let other_list = retest(&world, ListKind::Completeness, finding, true, "");
    assert_eq!(
        refusal(world.tries(COMMERCIAL, other_list)),
        Refusal::UnknownFinding
    );
    let seen = retest(&world, COMMERCIAL_LIST, finding, true, "");
    world.does(COMMERCIAL, seen);
    assert_eq!(world.case.dated_findings().count(), 0);
}

#[test]
fn its_developer_is_reminded_before_the_date_and_once_it_has_passed_unless_it_is_reported() {
    let (mut world, finding, due) = approved();
    assert!(matches!(
        world.available(ActionKind::RemindFindings),
        Err(Refusal::TooEarly { .. })
    ));
    world.now = world
        .calendar
        .before(due, world.settings.remind_before_days);
    world.ticks(Action::RemindFindings);
    assert!(world.available(ActionKind::RemindFindings).is_err());
    world.now = due;
    let (mut reported, finding_reported, _) = approved();
    reported.does(OWNER, report(finding_reported, "Done."));
    reported.now = due;
    assert!(
        reported.available(ActionKind::RemindFindings).is_err(),
        "it waits for us"
    );
    let events = world.attempt(Actor::Clock, Action::RemindFindings).unwrap();
    assert_eq!(
        events,
        [Event::FindingsReminded {
            findings: vec![finding]
        }]
    );
    world.now = world.in_days(100);
    assert!(world.available(ActionKind::RemindFindings).is_err());
}

#[test]
fn with_the_grant_goes_what_was_to_be_corrected() {
    let (mut world, finding, _) = approved();
    world.does(
        APPROVER,
        Action::RevokeGrant {
            reason: Outward::written("Data was sold."),
            signature: SIGNATURE,
        },
    );
    assert_eq!(
        refusal(world.tries(OWNER, report(finding, "Done."))),
        Refusal::GrantRevoked
    );
    assert!(world.available(ActionKind::RemindFindings).is_err());
}

#[test]
fn what_was_waived_or_dated_is_not_checked_again_in_the_next_round_and_was_in_older_records() {
    for (settled_stays, again) in [(true, 0), (false, 1)] {
        let mut world = World::review(Full);
        world.mark_all(COMMERCIAL, COMMERCIAL_LIST);
        let finding = world.find(COMMERCIAL_LIST, "use_case", Severity::Minor);
        let due = world.in_days(30);
        world.does(COMMERCIAL, Action::DateFinding { finding, due });
        world.case.apply(&Recorded {
            at: world.now,
            by: Actor::Person(COMMERCIAL),
            event: Event::ItemChecked {
                list: COMMERCIAL_LIST,
                item: "use_case".to_owned(),
                verdict: Verdict::Fail,
                evidence: String::new(),
                relied: None,
            },
        });
        world.case.apply(&Recorded {
            at: world.now,
            by: Actor::Person(OWNER),
            event: Event::Resubmitted {
                responses: Vec::new(),
                submission: None,
                settled_stays,
            },
        });
        let list = &world.lists[&(COMMERCIAL_LIST, world.case.commercial.version)];
        assert_eq!(world.case.commercial.unmarked(list).count(), again);
    }
}

#[test]
fn an_appeal_is_answered_once_and_what_was_answered_can_still_be_reopened() {
    let answer = |text: &str| Action::AnswerAppeal {
        text: Outward::written(text.to_owned()),
    };
    let mut world = World::review(Limited);
    world.does(APPROVER, decline("No use."));
    assert_eq!(
        refusal(world.tries(LEAD, answer("It stays."))),
        Refusal::NoAppealWaits
    );
    let text = "You overlooked our second use.".to_owned();
    world.does(OWNER, Action::Appeal { text });
    assert!(world.case.appeal_waits());
    assert_eq!(fields(world.tries(LEAD, answer(" "))), ["text"]);
    world.does(LEAD, answer("The second use is no use either."));
    assert!(!world.case.appeal_waits());
    assert_eq!(
        refusal(world.tries(LEAD, answer("Again."))),
        Refusal::NoAppealWaits
    );
    world.does(LEAD, reopen(OTHER_REVIEWER));
}

#[test]
fn what_fails_a_second_time_is_the_same_finding_and_the_developer_is_asked_once_more() {
    let mut world = World::review(Limited);
    let finding = world.find(COMMERCIAL_LIST, "use_case", Severity::Major);
    let due = world.in_days(20);
    world.does(COMMERCIAL, Action::RequestCorrections { due });
    let responses = world.responses("The use is described now.");
    world.does(OWNER, responses);
    let fail = |id, severity| {
        let mut fail = check(COMMERCIAL_LIST, "use_case", Verdict::Fail);
        if let Action::CheckItem { finding, .. } = &mut fail {
            let text = "Its second sentence contradicts it.".to_owned();
            *finding = Some(NewFinding {
                id,
                severity,
                text: Outward::written(text),
            });
        }
        fail
    };
    // Once there is a finding nothing is there to be asked for until it was looked at.
    assert_eq!(
        world.available(ActionKind::RequestCorrections),
        Err(Refusal::NothingToCorrect)
    );
    let id = FindingId(world.id());
    let lighter = fail(id, Some(Severity::Minor));
    assert_eq!(fields(world.tries(COMMERCIAL, lighter)), ["severity"]);
    world.does(COMMERCIAL, fail(id, Some(Severity::Blocker)));
    let [known] = world.case.findings.as_slice() else {
        panic!("{:?}", world.case.findings);
    };
    assert_eq!((known.id, known.severity), (finding, Severity::Blocker));
    let wrong = known.returned().unwrap();
    assert_eq!(wrong.text, "Its second sentence contradicts it.");
    assert!(known.is_open() && known.text == "The market is not named.");
    world.does(COMMERCIAL, Action::RequestCorrections { due });
    let responses = world.responses("Both say the same now.");
    world.does(OWNER, responses);
    world.does(
        COMMERCIAL,
        check(COMMERCIAL_LIST, "use_case", Verdict::Pass),
    );
    let lives = workflow::life::lives(&world.history);
    let told: Vec<(u16, &str)> = lives[&finding]
        .iter()
        .map(|one| (one.round, word(&one.what)))
        .collect();
    assert_eq!(
        told,
        [
            (1, "recorded"),
            (1, "asked"),
            (1, "responded"),
            (2, "failed again"),
            (2, "asked"),
            (2, "responded"),
            (3, "corrected"),
        ]
    );
}

const fn word(what: &workflow::life::Step) -> &'static str {
    use workflow::life::Step as S;
    match what {
        S::Recorded => "recorded",
        S::Asked { .. } => "asked",
        S::Responded { .. } => "responded",
        S::FailedAgain { .. } => "failed again",
        S::Corrected { .. } => "corrected",
        S::Waived { .. } => "waived",
        S::Dated { .. } => "dated",
        S::Reported { .. } => "reported",
        S::Reminded => "reminded",
    }
}

#[test]
fn what_had_a_date_and_fails_again_during_the_review_stands_again() {
    let mut world = World::review(Limited);
    let finding = world.find(COMMERCIAL_LIST, "use_case", Severity::Major);
    let due = world.in_days(30);
    world.does(COMMERCIAL, Action::DateFinding { finding, due });
    let mut fail = check(COMMERCIAL_LIST, "use_case", Verdict::Fail);
    if let Action::CheckItem { finding, .. } = &mut fail {
        *finding = Some(NewFinding {
            id: FindingId(world.id()),
            severity: None,
            text: Outward::written("Worse than it looked."),
        });
    }
    world.does(COMMERCIAL, fail);
    assert_eq!(world.case.findings.len(), 1);
    assert!(world.case.findings[0].is_open());
}
