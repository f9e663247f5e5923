//! A finding that was let through with a date: its life after that.

use workflow::{
    Action, ActionKind, Event, FindingId, Refusal, Timestamp,
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
        text: text.to_owned(),
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
            reason: "Data was sold.".to_owned(),
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
        text: text.to_owned(),
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
