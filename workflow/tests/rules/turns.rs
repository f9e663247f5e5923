//! The turn guarantee: every open case names who acts next, and whoever is named can act.

use crate::support::{COMMERCIAL, REVIEWER, TECHNICAL, World, dice, dice::Dice};
use std::collections::BTreeMap;
use workflow::{
    Case, PersonId, StateKind, Who,
    state::{AccessLevel, Seat},
};

/// Who is named of a case, and that each of them can take the step that they are named for.
fn assert_named(world: &World) {
    let case = &world.case;
    let turns = case.turns();
    let kind = case.state.kind();
    assert!(
        !turns.is_empty() || !kind.is_open(),
        "nobody acts on {kind:?}"
    );
    assert!(!case.appeal_waits() || !turns.is_empty());
    for turn in &turns {
        assert_eq!(world.available(turn.step), Ok(()), "{turn:?} of {kind:?}");
        assert!(!turn.why().is_empty(), "{turn:?}");
        assert_eq!(turn.since.is_none(), kind == StateKind::Draft, "{turn:?}");
        assert!(
            turn.since.is_none_or(|since| since <= world.now),
            "{turn:?}"
        );
        if let Who::Person(person) = turn.who {
            assert!(case.seats.values().any(|holder| *holder == person));
        }
    }
    // Who has a date to keep is among them.
    if case.state.developer_due().is_some() {
        let developer = |who| matches!(who, Who::Developer | Who::Signatory);
        assert!(turns.iter().any(|turn| developer(turn.who)), "{turns:?}");
    }
}

#[test]
fn every_open_case_names_who_acts_next_in_every_state_with_every_holder() {
    let holders = [None, Some(REVIEWER), Some(COMMERCIAL), Some(TECHNICAL)];
    let mut seen = BTreeMap::new();
    for level in [AccessLevel::Limited, AccessLevel::Full] {
        let mut dice = Dice(7);
        let mut worlds: BTreeMap<StateKind, World> = BTreeMap::new();
        let mut world = World::draft(level);
        while worlds.len() < StateKind::ALL.len() {
            worlds
                .entry(world.case.state.kind())
                .or_insert_with(|| world.clone());
            if !world.case.state.kind().is_open() {
                world = World::draft(level);
            }
            step(&mut world, &mut dice);
        }
        for (kind, world) in worlds {
            for case in holders {
                for commercial in holders {
                    for technical in holders {
                        let mut world = world.clone();
                        seat(&mut world.case, Seat::Case, case);
                        seat(&mut world.case, Seat::Commercial, commercial);
                        if level == AccessLevel::Full {
                            seat(&mut world.case, Seat::Technical, technical);
                        }
                        assert_named(&world);
                        *seen.entry(kind).or_insert(0) += 1;
                    }
                }
            }
        }
    }
    assert_eq!(seen.len(), StateKind::ALL.len());
}

fn seat(case: &mut Case, seat: Seat, holder: Option<PersonId>) {
    match holder {
        Some(person) => drop(case.seats.insert(seat, person)),
        None => drop(case.seats.remove(&seat)),
    }
}

fn step(world: &mut World, dice: &mut Dice) {
    dice::wait(world, dice);
    let kind = dice::next_kind(world, dice);
    let actor = dice::actor(kind, dice);
    let action = dice::action(world, kind, dice);
    let _ = world.attempt(actor, action);
}

/// Random walks from the draft on, each of so many steps.
const WALKS: u64 = 100_000;
const STEPS: usize = 40;

#[test]
fn along_every_random_walk_somebody_is_named_who_can_act() {
    for seed in 0..WALKS {
        let level = match seed % 2 {
            0 => AccessLevel::Limited,
            _ => AccessLevel::Full,
        };
        let mut dice = Dice(seed);
        let mut world = World::draft(level);
        for _ in 0..STEPS {
            step(&mut world, &mut dice);
            assert_named(&world);
        }
    }
}
