//! The state × action grid as a file whose changes are reviewed. It is not copied from the
//! transition table: it is what random walks through `decide` have been seen to do.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    sync::LazyLock,
};
use support::{World, dice, dice::Dice};
use workflow::{ActionKind, StateKind, state::AccessLevel, transition};

type Seen = BTreeMap<(ActionKind, StateKind), BTreeSet<StateKind>>;

/// What each action has been seen to lead to, from each state.
static SEEN: LazyLock<Seen> = LazyLock::new(explore);

fn explore() -> Seen {
    let mut seen = Seen::new();
    let beginnings = [
        World::draft,
        World::review,
        World::agreement,
        World::decision,
    ];
    for (seed, begin) in (0..2400).zip(beginnings.iter().cycle()) {
        for level in [AccessLevel::Limited, AccessLevel::Full] {
            let mut dice = Dice(seed);
            let mut world = begin(level);
            for _ in 0..60 {
                dice::wait(&mut world, &mut dice);
                let kind = dice::next_kind(&world, &mut dice);
                let actor = dice::actor(kind, &mut dice);
                let action = dice::action(&mut world, kind, &mut dice);
                let from = world.case.state.kind();
                if world.attempt(actor, action).is_ok() {
                    let to = world.case.state.kind();
                    seen.entry((kind, from)).or_default().insert(to);
                }
            }
        }
    }
    seen
}

#[test]
fn state_by_action() {
    let seen = &*SEEN;
    let mut grid = String::from(
        "What each action leads to, from each state. `=` the case stays where it stands; `.` refused.\n\n",
    );
    write!(grid, "{:27}", "").unwrap();
    for state in StateKind::ALL {
        write!(grid, "{:14}", state.word()).unwrap();
    }
    grid.truncate(grid.trim_end().len());
    grid.push('\n');
    for action in ActionKind::ALL {
        let mut line = format!("{:27}", action.word());
        for state in StateKind::ALL {
            let cell = seen.get(&(*action, *state)).map_or_else(
                || ".".to_owned(),
                |to| {
                    let to: Vec<&str> = to
                        .iter()
                        .map(|to| if to == state { "=" } else { &to.word()[..5] })
                        .collect();
                    to.join(" ")
                },
            );
            write!(line, "{cell:14}").unwrap();
        }
        writeln!(grid, "{}", line.trim_end()).unwrap();
    }
    insta::assert_snapshot!(grid);
}

#[test]
fn what_is_seen_is_what_the_table_says() {
    let seen = &*SEEN;
    for row in transition::TABLE {
        for state in StateKind::ALL {
            let outcome = seen.get(&(row.action, *state));
            assert_eq!(
                outcome.is_some(),
                row.from.contains(state),
                "{:?} from {state:?}",
                row.action
            );
            for to in outcome.into_iter().flatten() {
                assert!(to == state || row.to.contains(to), "{:?}", row.action);
            }
        }
    }
}
