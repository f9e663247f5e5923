//! Laws that hold however people and clock act: thousands of random walks through the workflow.

use crate::support::{World, dice, dice::Dice};
use proptest::prelude::*;
use std::collections::BTreeSet;
use workflow::{
    Actor, Case, Event, Recorded, StateKind,
    case::GrantStatus,
    checklist::{Finding, FindingStatus, ListKind, Severity, Verdict},
    life::{Lived, Step as Life, TOLD_BY, lives},
    state::{AccessLevel, Missed, Seat, State},
};

/// One step of a walk: the world before, what was tried, and what came of it.
struct Step<'a> {
    before: &'a Case,
    kind: workflow::ActionKind,
    actor: Actor,
    outcome: &'a Result<Vec<Event>, workflow::Refusal>,
    world: &'a World,
}

fn walk(
    level: AccessLevel,
    seed: u64,
    steps: usize,
    mut look: impl FnMut(&Step<'_>) -> Result<(), TestCaseError>,
) -> Result<World, TestCaseError> {
    let mut dice = Dice(seed);
    let mut world = World::draft(level);
    for _ in 0..steps {
        dice::wait(&mut world, &mut dice);
        let kind = dice::next_kind(&world, &mut dice);
        let actor = dice::actor(kind, &mut dice);
        let action = dice::action(&mut world, kind, &mut dice);
        let before = world.case.clone();
        let outcome = world.attempt(actor, action);
        look(&Step {
            before: &before,
            kind,
            actor,
            outcome: &outcome,
            world: &world,
        })?;
    }
    Ok(world)
}

fn level() -> impl Strategy<Value = AccessLevel> {
    prop_oneof![Just(AccessLevel::Limited), Just(AccessLevel::Full)]
}

const STEPS: usize = 120;

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_case_is_approved_without_all_tracks_passed_and_the_agreement_accepted(level in level(), seed: u64) {
        walk(level, seed, STEPS, |step| {
            if step.world.case.state.kind() == StateKind::Approved && step.before.state.kind() != StateKind::Approved {
                prop_assert_eq!(step.before.state.kind(), StateKind::Decision);
                prop_assert!(step.before.tracks_passed());
                prop_assert!(step.before.acceptance.is_some());
                for track in level.tracks() {
                    let passed = step.world.history.iter().any(|one| matches!(&one.event, Event::TrackPassed { track: passed, .. } if passed == track));
                    prop_assert!(passed);
                }
                let accepted = step.world.history.iter().any(|one| matches!(one.event, Event::DlaAccepted { .. }));
                prop_assert!(accepted);
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_case_in_decision_has_passed_and_accepted(level in level(), seed: u64) {
        walk(level, seed, STEPS, |step| {
            let case = &step.world.case;
            if case.state.kind() == StateKind::Decision {
                prop_assert!(case.tracks_passed() && case.acceptance.is_some());
                prop_assert!(case.standing_findings().all(|f| f.severity == Severity::Minor));
            }
            if case.state.kind() == StateKind::Agreement {
                prop_assert!(case.tracks_passed() && case.acceptance.is_none());
            }
            Ok(())
        })?;
    }

    #[test]
    fn the_history_gives_the_case_again(level in level(), seed: u64) {
        let world = walk(level, seed, STEPS, |_| Ok(()))?;
        prop_assert_eq!(Case::replay(&world.history), Some(world.case));
    }

    #[test]
    fn case_and_history_survive_being_stored(level in level(), seed: u64) {
        let world = walk(level, seed, STEPS, |_| Ok(()))?;
        let text = serde_json::to_string(&world.history).unwrap();
        let told: Vec<Recorded> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&told, &world.history);
        let text = serde_json::to_string(&world.case).unwrap();
        prop_assert_eq!(serde_json::from_str::<Case>(&text).unwrap(), world.case);
    }

    #[test]
    fn an_item_that_fails_while_its_finding_is_not_over_fails_by_that_one(level in level(), seed: u64) {
        walk(level, seed, STEPS, |step| {
            let Ok(events) = step.outcome else { return Ok(()) };
            let failed = events.iter().find_map(|event| match event {
                Event::ItemChecked { list, item, verdict: Verdict::Fail, .. } => Some((*list, item)),
                _ => None,
            });
            let Some((list, item)) = failed.filter(|(list, _)| *list != ListKind::Completeness) else {
                return Ok(());
            };
            let of_item = |case: &Case| -> Vec<Finding> {
                let findings = case.findings.iter();
                findings.filter(|one| one.list == list && one.item == *item).cloned().collect()
            };
            let (before, after) = (of_item(step.before), of_item(&step.world.case));
            let known = before.iter().any(|one| !one.is_over());
            prop_assert_eq!(after.len(), before.len() + usize::from(!known));
            // What was over stays so; everything else waits for the developer again.
            prop_assert!(after.iter().all(|one| one.is_over() || one.is_open()));
            prop_assert!(after.iter().any(Finding::is_open));
            Ok(())
        })?;
    }

    #[test]
    fn the_life_of_a_finding_begins_with_its_record_and_ends_as_it_stands(level in level(), seed: u64) {
        let world = walk(level, seed, STEPS, |_| Ok(()))?;
        let lives = lives(&world.history);
        let findings: BTreeSet<_> = world.case.findings.iter().map(|one| one.id).collect();
        let lived: BTreeSet<_> = lives.keys().copied().collect();
        prop_assert_eq!(&lived, &findings);
        for finding in &world.case.findings {
            let life = &lives[&finding.id];
            prop_assert_eq!(&life[0].what, &Life::Recorded);
            prop_assert_eq!((life[0].by, life[0].round), (Actor::Person(finding.by), finding.round));
            prop_assert!(life.is_sorted_by_key(|one| one.at));
            prop_assert!(life.is_sorted_by_key(|one| one.round));
            prop_assert!(life.iter().skip(1).all(|one| one.what != Life::Recorded));
            let settles = |one: &&Lived| !matches!(one.what, Life::Asked { .. } | Life::Reminded);
            let last = life.iter().rev().find(settles).unwrap();
            let by = last.by.person();
            match (&finding.status, &last.what) {
                (FindingStatus::Open { returned: None }, Life::Recorded) => {}
                (FindingStatus::Open { returned: Some(wrong) }, Life::FailedAgain { text, .. }) => {
                    prop_assert_eq!((&wrong.text, Some(wrong.by)), (text, by));
                }
                (FindingStatus::Responded { response, by: who, .. }, Life::Responded { text }) => {
                    prop_assert_eq!((response, Some(*who)), (text, by));
                }
                (FindingStatus::Resolved { by: who, at }, Life::Corrected { .. }) => {
                    prop_assert_eq!((Some(*who), *at), (by, last.at));
                }
                (FindingStatus::Waived { reason: why, .. }, Life::Waived { reason }) => {
                    prop_assert_eq!(why, reason);
                }
                (FindingStatus::Dated { due, reported: None, returned: None, .. }, Life::Dated { due: told }) => {
                    prop_assert_eq!(due, told);
                }
                (FindingStatus::Dated { reported: Some(said), .. }, Life::Reported { text }) => {
                    prop_assert_eq!(&said.text, text);
                }
                (FindingStatus::Dated { reported: None, returned: Some(wrong), .. }, Life::FailedAgain { text, .. }) => {
                    prop_assert_eq!(&wrong.text, text);
                }
                (status, told) => prop_assert!(false, "{status:?} after {told:?}"),
            }
            let mut weighs = life.iter().filter_map(|one| match one.what {
                Life::FailedAgain { severity, .. } => severity,
                _ => None,
            });
            if let Some(weighs) = weighs.next_back() {
                prop_assert_eq!(weighs, finding.severity);
            }
        }
    }

    #[test]
    fn lives_are_read_from_the_events_that_they_name_alone(level in level(), seed: u64) {
        let world = walk(level, seed, STEPS, |_| Ok(()))?;
        let told = world.history.iter().filter(|one| TOLD_BY.contains(&one.event.name()));
        prop_assert_eq!(lives(told), lives(&world.history));
    }

    #[test]
    fn a_refused_action_changes_nothing(level in level(), seed: u64) {
        walk(level, seed, STEPS, |step| {
            if step.outcome.is_err() {
                prop_assert_eq!(step.before, &step.world.case);
            }
            Ok(())
        })?;
    }

    #[test]
    fn what_is_not_available_is_refused_for_the_reason_shown(level in level(), seed: u64) {
        walk(level, seed, STEPS, |step| {
            let mut world = step.world.clone();
            world.case = step.before.clone();
            if let Err(shown) = world.available(step.kind) {
                prop_assert_eq!(step.outcome.as_ref().err(), Some(&shown));
            }
            Ok(())
        })?;
    }

    #[test]
    fn every_change_follows_its_row_of_the_table(level in level(), seed: u64) {
        walk(level, seed, STEPS, |step| {
            if step.outcome.is_ok() {
                let row = step.kind.row();
                let (from, to) = (step.before.state.kind(), step.world.case.state.kind());
                prop_assert!(row.from.contains(&from), "{:?} from {from:?}", step.kind);
                prop_assert!(from == to || row.to.contains(&to), "{:?} from {from:?} to {to:?}", step.kind);
            }
            Ok(())
        })?;
    }

    #[test]
    fn the_version_counts_the_events(level in level(), seed: u64) {
        let world = walk(level, seed, STEPS, |_| Ok(()))?;
        prop_assert_eq!(world.case.version, u64::try_from(world.history.len()).unwrap());
    }

    #[test]
    fn the_two_clocks_add_up_to_the_time_since_the_submission(level in level(), seed: u64) {
        walk(level, seed, STEPS, |step| {
            let (case, world) = (&step.world.case, step.world);
            let Some(started) = case.clock.started() else {
                prop_assert!(matches!(case.state, State::Draft | State::Withdrawn));
                return Ok(());
            };
            let spent = case.clock.spent(world.now, &world.calendar);
            let sum = spent.us + spent.developer;
            let all = world.calendar.elapsed(started, world.now);
            if case.state.kind().is_open() && !case.reopened {
                prop_assert_eq!(sum, all);
            } else {
                prop_assert!(sum <= all);
            }
            prop_assert_eq!(case.clock.running().map(|(side, _)| side), Some(case.state.kind().side()));
            Ok(())
        })?;
    }

    #[test]
    fn rounds_only_grow_and_only_by_resubmission_or_reopening(level in level(), seed: u64) {
        walk(level, seed, STEPS, |step| {
            let (before, after) = (step.before.round, step.world.case.round);
            match (step.kind, step.outcome.is_ok()) {
                (workflow::ActionKind::Resubmit | workflow::ActionKind::Reopen, true) => prop_assert_eq!(after, before + 1),
                _ => prop_assert_eq!(after, before),
            }
            Ok(())
        })?;
    }

    #[test]
    fn seats_are_held_in_open_cases_alone_and_for_tracks_that_exist(level in level(), seed: u64) {
        walk(level, seed, STEPS, |step| {
            let case = &step.world.case;
            let before_submission = case.state.kind() == StateKind::Draft;
            if !case.state.kind().is_open() || before_submission {
                prop_assert!(case.seats.is_empty(), "{:?}", case.state);
            }
            if level == AccessLevel::Limited {
                prop_assert!(!case.seats.contains_key(&Seat::Technical));
                prop_assert!(case.technical.is_none());
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_grant_comes_of_approval_alone_and_a_revoked_one_stays_revoked(level in level(), seed: u64) {
        walk(level, seed, STEPS, |step| {
            let case = &step.world.case;
            prop_assert_eq!(case.grant.is_some(), case.state.kind() == StateKind::Approved);
            if let Some(grant) = &step.before.grant && grant.status == GrantStatus::Revoked {
                prop_assert_eq!(case, step.before);
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_blocker_is_never_waived_nor_dated(level in level(), seed: u64) {
        let world = walk(level, seed, STEPS, |_| Ok(()))?;
        for finding in world.case.findings.iter().filter(|f| f.severity == Severity::Blocker) {
            let let_through = matches!(finding.status, FindingStatus::Waived { .. } | FindingStatus::Dated { .. });
            prop_assert!(!let_through);
        }
    }

    #[test]
    fn everyone_who_did_review_work_is_remembered(level in level(), seed: u64) {
        let world = walk(level, seed, STEPS, |_| Ok(()))?;
        let did: BTreeSet<_> = world.history.iter().filter(|one| one.event.is_review_work()).filter_map(|one| one.by.person()).collect();
        prop_assert_eq!(did, world.case.reviewers);
    }

    #[test]
    fn nothing_lapses_unreminded_or_before_date_and_grace(level in level(), seed: u64) {
        walk(level, seed, STEPS, |step| {
            if let (State::Lapsed { at, missed }, Some(due)) = (&step.world.case.state, step.before.state.developer_due()) {
                let grace = step.world.calendar.due(due, step.world.settings.grace_days);
                prop_assert!(*at > grace);
                prop_assert!(step.before.reminders >= 1);
                prop_assert_eq!(*missed, match step.before.state {
                    State::Corrections { .. } => Missed::Corrections,
                    State::Agreement { .. } => Missed::Agreement,
                    _ => Missed::Clarification,
                });
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_case_is_reopened_at_most_once_and_goes_to_someone_new_or_it_is_said_why_not(level in level(), seed: u64) {
        let world = walk(level, seed, STEPS, |step| {
            if step.kind == workflow::ActionKind::Reopen && step.outcome.is_ok() {
                let assignee = step.world.case.assignee().unwrap();
                let said = step.outcome.iter().flatten().any(|event| {
                    matches!(event, Event::Reopened { although, .. } if !although.is_empty())
                });
                prop_assert_eq!(step.before.has_worked_on(assignee), said);
                prop_assert!(step.actor != Actor::Clock);
            }
            Ok(())
        })?;
        let reopened = world.history.iter().filter(|one| matches!(one.event, Event::Reopened { .. })).count();
        prop_assert!(reopened <= 1);
    }
}

#[test]
fn walks_come_everywhere() {
    let mut seen = BTreeSet::new();
    for seed in 0..600 {
        for level in [AccessLevel::Limited, AccessLevel::Full] {
            walk(level, seed, STEPS, |step| {
                seen.insert((level, step.world.case.state.kind()));
                Ok(())
            })
            .unwrap();
        }
    }
    for level in [AccessLevel::Limited, AccessLevel::Full] {
        for state in StateKind::ALL {
            assert!(seen.contains(&(level, *state)), "{level:?} {state:?}");
        }
    }
}
