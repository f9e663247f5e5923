//! Each guard and each rule, as a sentence: corrections, agreement, decision, ends, grants.

use std::collections::BTreeSet;
use time::Duration;
use uuid::Uuid;
use workflow::{
    Action, ActionKind, CaseNumber, Event, FindingId, Refusal, case::GrantStatus,
    checklist::FindingStatus, checklist::ListKind, checklist::Severity, checklist::Verdict,
    decide::LONGEST_TEXT, event::DeclineReason, event::Response, start::UnderWay,
    state::AccessLevel, state::Missed, state::State, state::Track, transition::Signature,
};

use crate::support::*;

use AccessLevel::{Full, Limited};

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
fn a_finding_that_is_waived_asks_no_response() {
    let mut world = World::review(Limited);
    let list = ListKind::Commercial;
    let open = world.find(list, "use_case", Severity::Major);
    let waived = world.find(list, "markets", Severity::Major);
    let reason = "Known.".to_owned();
    let finding = waived;
    world.does(
        COMMERCIAL,
        Action::WaiveFinding {
            finding,
            reason: Internal::written(reason),
        },
    );
    let due = world.in_days(20);
    world.does(COMMERCIAL, Action::RequestCorrections { due });
    let response = |finding| Response {
        finding,
        text: "Mended.".to_owned(),
    };
    let too_much = Action::Resubmit {
        responses: vec![response(open), response(waived)],
        submission: None,
    };
    assert_eq!(
        refusal(world.tries(OWNER, too_much)),
        Refusal::UnknownFinding
    );
    let enough = Action::Resubmit {
        responses: vec![response(open)],
        submission: None,
    };
    world.does(OWNER, enough);
    assert!(matches!(
        world.case.findings[1].status,
        FindingStatus::Waived { .. }
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
            severity: Some(Severity::Major),
            text: Outward::written("No use."),
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
fn a_case_that_nobody_else_has_looked_at_is_not_declined() {
    for mut world in [World::submitted(Limited), World::completeness(Limited)] {
        assert_eq!(
            refusal(world.tries(APPROVER, decline("No use."))),
            Refusal::NobodyReviewed
        );
        let proposal = Action::ProposeDecline {
            reason: DeclineReason::UseCase,
            text: Internal::written("No use."),
        };
        world.does(REVIEWER, proposal);
        assert_eq!(
            refusal(world.tries(REVIEWER, decline("No use."))),
            Refusal::NobodyReviewed
        );
        world.does(APPROVER, decline("No use."));
    }
}

#[test]
fn every_event_of_a_signed_step_names_its_signature() {
    let mut world = World::approved(Limited);
    let reason = || "As agreed.".to_owned();
    let signature = SIGNATURE;
    world.does(
        APPROVER,
        Action::ChangeCap {
            cap: 12,
            reason: Outward::written(reason()),
            signature,
        },
    );
    world.does(
        APPROVER,
        Action::SuspendGrant {
            reason: Outward::written(reason()),
            signature,
        },
    );
    world.does(
        APPROVER,
        Action::ReinstateGrant {
            reason: Outward::written(reason()),
            signature,
        },
    );
    world.does(
        APPROVER,
        Action::RevokeGrant {
            reason: Outward::written(reason()),
            signature,
        },
    );
    let mut declined = World::review(Limited);
    declined.does(APPROVER, decline("No use."));
    let mut signed = BTreeSet::new();
    for one in world.history.iter().chain(&declined.history) {
        let asks = one
            .event
            .step()
            .is_some_and(|step| step.row().signature != Signature::NotNeeded);
        assert_eq!(
            one.event.signature().is_some(),
            asks,
            "{}",
            one.event.name()
        );
        signed.extend(one.event.signature().map(|_| one.event.name()));
    }
    assert_eq!(signed.len(), 7, "{signed:?}");
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
    assert_eq!(fields(world.tries(LEAD, reopen(REVIEWER))), ["although"]);
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
fn who_proposed_the_decline_has_the_case_again_only_where_it_is_said_why() {
    let mut world = World::review(Limited);
    let text = "No use.".to_owned();
    let reason = DeclineReason::UseCase;
    world.does(
        OTHER_REVIEWER,
        Action::ProposeDecline {
            reason,
            text: Internal::written(text),
        },
    );
    world.does(APPROVER, decline("No use."));
    let mut same = reopen(OTHER_REVIEWER);
    assert_eq!(fields(world.tries(LEAD, same.clone())), ["although"]);
    if let Action::Reopen { although, .. } = &mut same {
        *although = Internal::written("Nobody else reads Portuguese.");
    }
    world.does(LEAD, same);
    let told = &world.history.last().unwrap().event;
    assert!(matches!(told, Event::Reopened { although, .. } if !although.is_empty()));
}

#[test]
fn a_case_is_reopened_only_while_no_other_application_of_its_app_is_under_way() {
    let mut world = World::lapsed(Limited);
    let number = CaseNumber(1_002);
    for draft in [true, false] {
        let mut beside = reopen(OTHER_REVIEWER);
        if let Action::Reopen { other, .. } = &mut beside {
            *other = Some(UnderWay { number, draft });
        }
        // Of a draft its number is not told either.
        let number = (!draft).then_some(number);
        assert_eq!(
            refusal(world.tries(LEAD, beside)),
            Refusal::OtherUnderWay { number }
        );
    }
    world.does(LEAD, reopen(OTHER_REVIEWER));
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
        Err(Refusal::AppealOver { days: 30 })
    );
}

#[test]
fn the_developer_appeals_once_and_in_time_and_is_heard_also_later() {
    let appeal = || Action::Appeal {
        text: "You overlooked our second use.".to_owned(),
    };
    for mut world in [World::lapsed(Limited), {
        let mut declined = World::review(Limited);
        declined.does(APPROVER, decline("No use."));
        declined
    }] {
        let state = world.case.state.clone();
        let empty = Action::Appeal {
            text: " ".to_owned(),
        };
        assert!(matches!(
            refusal(world.tries(OWNER, empty)),
            Refusal::Input { .. }
        ));
        world.does(OWNER, appeal());
        assert_eq!(world.case.state, state);
        assert_eq!(
            refusal(world.tries(OWNER, appeal())),
            Refusal::AppealedBefore
        );
        // Who decides late does not take the appeal away.
        world.pass_days(60);
        assert_eq!(world.available(ActionKind::Reopen), Ok(()));
        world.does(LEAD, reopen(OTHER_REVIEWER));
        world.does(APPROVER, decline("Still no use."));
        assert_eq!(
            world.available(ActionKind::Appeal),
            Err(Refusal::ReopenedBefore)
        );
    }
    let mut late = World::lapsed(Limited);
    late.pass_days(31);
    assert_eq!(
        late.available(ActionKind::Appeal),
        Err(Refusal::AppealOver { days: 30 })
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
        reason: Outward::default(),
        signature: SIGNATURE,
    };
    assert_eq!(fields(world.tries(APPROVER, silent)), ["reason"]);
    world.does(
        APPROVER,
        Action::SuspendGrant {
            reason: Outward::written(because()),
            signature: SIGNATURE,
        },
    );
    assert_eq!(status(&world), GrantStatus::Suspended);
    assert_eq!(
        world.available(ActionKind::SuspendGrant),
        Err(Refusal::GrantNotActive)
    );
    world.does(
        APPROVER,
        Action::ReinstateGrant {
            reason: Outward::written(because()),
            signature: SIGNATURE,
        },
    );
    assert_eq!(status(&world), GrantStatus::Active);
    world.does(
        APPROVER,
        Action::RevokeGrant {
            reason: Outward::written(because()),
            signature: SIGNATURE,
        },
    );
    assert_eq!(status(&world), GrantStatus::Revoked);
    assert_eq!(
        world.available(ActionKind::RevokeGrant),
        Err(Refusal::GrantRevoked)
    );
}

#[test]
fn a_cap_is_changed_to_another_number_while_the_grant_is_active_and_has_one() {
    let change = |cap| Action::ChangeCap {
        cap,
        reason: Outward::written("As agreed."),
        signature: SIGNATURE,
    };
    let mut world = World::approved(Limited);
    for cap in [0, 20, 1_001] {
        assert_eq!(fields(world.tries(APPROVER, change(cap))), ["cap"], "{cap}");
    }
    world.does(APPROVER, change(12));
    assert_eq!(world.case.grant.as_ref().unwrap().cap, Some(12));
    world.does(
        APPROVER,
        Action::SuspendGrant {
            reason: Outward::written("Tokens were found in public."),
            signature: SIGNATURE,
        },
    );
    assert_eq!(
        world.available(ActionKind::ChangeCap),
        Err(Refusal::GrantNotActive)
    );
    assert_eq!(
        World::approved(Full).available(ActionKind::ChangeCap),
        Err(Refusal::GrantUncapped)
    );
}

#[test]
fn the_cap_is_stamped_on_a_grant_of_limited_access() {
    let cap = |world: World| world.case.grant.unwrap().cap;
    assert_eq!(cap(World::approved(Limited)), Some(20));
    assert_eq!(cap(World::approved(Full)), None);
}
