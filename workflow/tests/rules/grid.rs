//! The state × action grid as a file whose changes are reviewed. It is not copied from the
//! transition table: it is what random walks through `decide` have been seen to do.

use crate::support::{World, dice, dice::Dice};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    sync::LazyLock,
};
use workflow::{
    ActionKind, StateKind,
    state::AccessLevel,
    transition::{self, Work},
};

type Seen = BTreeMap<(ActionKind, StateKind), BTreeSet<StateKind>>;

/// What each action has been seen to lead to, from each state, and to cause.
static SEEN: LazyLock<(Seen, Events)> = LazyLock::new(explore);

/// The events each action has been seen to cause, by name, and whether each is review work.
type Events = BTreeMap<ActionKind, BTreeSet<(&'static str, bool)>>;

fn explore() -> (Seen, Events) {
    let (mut seen, mut caused) = (Seen::new(), Events::new());
    let beginnings = [
        World::draft,
        World::review,
        World::agreement,
        World::decision,
        World::approved_with_dates,
    ];
    for (seed, begin) in (0..3000).zip(beginnings.iter().cycle()) {
        for level in [AccessLevel::Limited, AccessLevel::Full] {
            let mut dice = Dice(seed);
            let mut world = begin(level);
            for _ in 0..60 {
                dice::wait(&mut world, &mut dice);
                let kind = dice::next_kind(&world, &mut dice);
                let actor = dice::actor(kind, &mut dice);
                let action = dice::action(&mut world, kind, &mut dice);
                let from = world.case.state.kind();
                if let Ok(events) = world.attempt(actor, action) {
                    let events = events.iter().map(|one| (one.name(), one.is_review_work()));
                    caused.entry(kind).or_default().extend(events);
                    let to = world.case.state.kind();
                    seen.entry((kind, from)).or_default().insert(to);
                }
            }
        }
    }
    (seen, caused)
}

#[test]
fn state_by_action() {
    let seen = &SEEN.0;
    let mut grid = String::from(
        "Whose each action is, what becomes of it when the case has changed since the person looked, \
         whether it counts as review work, what is signed with it; and what it leads to, from each \
         state. `=` the case stays where it stands; `.` refused.\n\n",
    );
    write!(grid, "{:27}", "").unwrap();
    for column in ["side", "stale", "work", "signature"] {
        write!(grid, "{column:14}").unwrap();
    }
    for state in StateKind::ALL {
        write!(grid, "{:14}", state.word()).unwrap();
    }
    grid.truncate(grid.trim_end().len());
    grid.push('\n');
    for action in ActionKind::ALL {
        let row = action.row();
        let mut line = format!("{:27}", action.word());
        for column in [
            row.side.word(),
            row.stale.word(),
            row.work.word(),
            row.signature.word(),
        ] {
            write!(line, "{column:14}").unwrap();
        }
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
fn an_event_counts_as_review_work_exactly_if_its_step_does() {
    for (action, events) in &SEEN.1 {
        for (name, is_review_work) in events {
            let of_step = action.row().work == Work::Review;
            assert_eq!(*is_review_work, of_step, "{name} of {action:?}");
        }
    }
}

#[test]
fn what_is_seen_is_what_the_table_says() {
    let seen = &SEEN.0;
    for row in transition::table() {
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
