//! Support requests: the whole table, every action in every state, and the laws of the clocks.

use proptest::prelude::*;
use std::{fmt::Write, str::FromStr};
use time::{Duration, macros::datetime};
use uuid::Uuid;
use workflow::{
    Calendar, PersonId, Timestamp,
    state::Side,
    support::{
        Action, ActionKind, Category, Clock, REOPENS_WITHIN, Refused, Request, RequestNumber,
        State, To, available, decide, may_reopen_until, of,
    },
};

fn monday() -> Timestamp {
    datetime!(2026-03-02 09:00 UTC).into()
}

const fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

fn open() -> Request {
    Request::open(
        RequestNumber(1001),
        person(1),
        Category::Api,
        monday(),
        &Calendar::default(),
    )
}

/// Another open request of the same developer.
fn other() -> Request {
    Request {
        number: RequestNumber(1002),
        ..open()
    }
}

fn action(kind: ActionKind, into: &Request) -> Action<'_> {
    match kind {
        ActionKind::Answer => Action::Answer,
        ActionKind::Reopen => Action::Reopen,
        ActionKind::Close => Action::Close,
        ActionKind::Rate => Action::Rate(4),
        ActionKind::Reply => Action::Reply,
        ActionKind::Note => Action::Note,
        ActionKind::Solve => Action::Solve,
        ActionKind::Assign => Action::Assign(person(7)),
        ActionKind::Release => Action::Release,
        ActionKind::Link => Action::Link,
        ActionKind::Merge => Action::Merge(into),
        ActionKind::Move => Action::Move,
        ActionKind::Expire => Action::Expire,
    }
}

/// A request that came to stand in this state an hour after it was opened.
fn standing(state: State) -> Request {
    let into = other();
    let at = monday().plus(Duration::HOUR);
    let step = |request: &Request, kind| {
        decide(request, action(kind, &into), at, &Calendar::default()).unwrap()
    };
    let taken = step(&open(), ActionKind::Assign);
    match state {
        State::Open => taken,
        State::WaitingForDeveloper => step(&taken, ActionKind::Reply),
        State::WaitingForUs => step(&step(&taken, ActionKind::Reply), ActionKind::Answer),
        State::Solved => step(&taken, ActionKind::Solve),
        State::Closed => step(&taken, ActionKind::Close),
        State::Merged => step(&taken, ActionKind::Merge),
        State::Moved => step(&taken, ActionKind::Move),
    }
}

#[test]
fn every_action_in_every_state_does_what_its_row_says() {
    let into = other();
    let at = monday().plus(Duration::HOUR);
    let mut grid = String::new();
    write!(grid, "{:10}", "").unwrap();
    for state in State::ALL {
        write!(grid, "{:24}", state.word()).unwrap();
    }
    grid.truncate(grid.trim_end().len());
    for kind in ActionKind::ALL {
        // What was solved closes once it cannot be reopened.
        let now = match kind {
            ActionKind::Expire => at.plus(REOPENS_WITHIN).plus(Duration::SECOND),
            _ => at,
        };
        let mut line = format!("{:10}", kind.word());
        for state in State::ALL {
            let request = standing(*state);
            assert_eq!(request.state, *state);
            let row = of(*kind);
            let decided = decide(&request, action(*kind, &into), now, &Calendar::default());
            let expected = row.from.contains(state);
            assert_eq!(decided.is_ok(), expected, "{kind:?} in {state:?}");
            assert_eq!(
                available(&request, *kind, now),
                expected,
                "{kind:?} {state:?}"
            );
            let word = match &decided {
                Ok(next) if next.state == *state => "stays",
                Ok(next) => next.state.word(),
                Err(error) => {
                    let named = Refused::NotInThisState {
                        action: *kind,
                        state: *state,
                    };
                    assert_eq!(*error, named);
                    "."
                }
            };
            write!(line, "{word:24}").unwrap();
            if let (Ok(next), To::State(to)) = (&decided, row.to) {
                assert_eq!(next.state, to);
            }
            if let (Ok(next), To::Stays) = (&decided, row.to) {
                assert_eq!(next.state, *state);
                assert_eq!((next.since, next.due), (request.since, request.due));
            }
        }
        write!(grid, "\n{}", line.trim_end()).unwrap();
    }
    insta::assert_snapshot!(grid);
}

#[test]
fn the_clock_of_a_row_is_that_of_whose_turn_it_is() {
    for kind in ActionKind::ALL {
        let row = of(*kind);
        let side = match row.to {
            To::Stays => {
                assert_eq!(row.clock, Clock::RunsOn, "{kind:?}");
                continue;
            }
            To::State(state) => state.side(),
        };
        let clock = match side {
            Side::Us => Clock::Us,
            Side::Developer => Clock::Developer,
            Side::Nobody => Clock::Stops,
        };
        assert_eq!(row.clock, clock, "{kind:?}");
    }
}

#[test]
fn a_request_can_be_reopened_on_the_fourteenth_day_and_not_after() {
    let solved = standing(State::Solved);
    let until = may_reopen_until(&solved).unwrap();
    assert_eq!(until, solved.ended.unwrap().plus(Duration::days(14)));
    let calendar = Calendar::default();
    let reopened = decide(&solved, Action::Reopen, until, &calendar).unwrap();
    assert_eq!(reopened.state, State::WaitingForUs);
    assert_eq!(reopened.ended, None);
    let late = until.plus(Duration::MICROSECOND);
    assert_eq!(
        decide(&solved, Action::Reopen, late, &calendar),
        Err(Refused::TooLate {
            number: solved.number
        })
    );
    assert_eq!(
        decide(&solved, Action::Expire, until, &calendar),
        Err(Refused::TooEarly)
    );
    // Closing what is solved gives no new days.
    let closed = decide(&solved, Action::Close, until, &calendar).unwrap();
    assert_eq!(may_reopen_until(&closed), Some(until));
}

#[test]
fn a_duplicate_goes_only_into_an_open_request_of_the_same_developer() {
    let calendar = Calendar::default();
    let merge = |into: &Request| decide(&open(), Action::Merge(into), monday(), &calendar);
    assert!(merge(&other()).is_ok());
    assert_eq!(merge(&open()), Err(Refused::IntoItself));
    let of_another = Request {
        opener: person(2),
        ..other()
    };
    assert_eq!(
        merge(&of_another),
        Err(Refused::OfAnother {
            into: RequestNumber(1002)
        })
    );
    let ended = Request {
        number: RequestNumber(1002),
        ..standing(State::Solved)
    };
    assert_eq!(
        merge(&ended),
        Err(Refused::IntoEnded {
            into: RequestNumber(1002)
        })
    );
}

#[test]
fn a_request_is_rated_once_and_from_one_to_five() {
    let calendar = Calendar::default();
    let rate = |request: &Request, stars| decide(request, Action::Rate(stars), monday(), &calendar);
    let solved = standing(State::Solved);
    for stars in [0, 6, u8::MAX] {
        assert_eq!(rate(&solved, stars), Err(Refused::NoSuchStars));
    }
    let rated = rate(&solved, 5).unwrap();
    assert_eq!(rated.stars, Some(5));
    assert_eq!(rate(&rated, 1), Err(Refused::RatedBefore));
}

#[test]
fn each_category_is_answered_within_its_days() {
    for category in Category::ALL {
        let request = Request::open(
            RequestNumber(1),
            person(1),
            *category,
            monday(),
            &Calendar::default(),
        );
        let due = Calendar::default().due(monday(), category.days());
        assert_eq!(request.due, Some(due), "{category:?}");
    }
    assert!(Category::Security.days() < Category::Other.days());
}

#[test]
fn a_number_is_read_as_people_write_it() {
    for text in ["SR-1042", "sr-1042", "1042"] {
        assert_eq!(RequestNumber::from_str(text), Ok(RequestNumber(1042)));
    }
    assert!(RequestNumber::from_str("UD-1042").is_err());
    assert_eq!(RequestNumber(7).to_string(), "SR-7");
}

proptest! {
    /// Whatever happens in whatever order: the clocks never run backwards, together they never show
    /// more than went by, and a date stands exactly where it is our turn.
    #[test]
    fn the_clocks_hold_through_every_walk(
        steps in prop::collection::vec((0..ActionKind::ALL.len(), 0i64..200), 0..40),
    ) {
        let calendar = Calendar::default();
        let into = other();
        let mut request = open();
        let mut now = monday();
        let mut before = request.spent(now, &calendar);
        for (kind, hours) in steps {
            now = now.plus(Duration::hours(hours));
            let step = decide(&request, action(ActionKind::ALL[kind], &into), now, &calendar);
            if let Ok(next) = step {
                prop_assert_eq!(next.spent(now, &calendar), request.spent(now, &calendar));
                request = next;
            }
            let spent = request.spent(now, &calendar);
            prop_assert!(spent.us >= before.us && spent.developer >= before.developer);
            prop_assert!(spent.us + spent.developer <= calendar.elapsed(monday(), now));
            before = spent;
            let side = request.state.side();
            prop_assert_eq!(request.due.is_some(), side == Side::Us);
            prop_assert_eq!(request.since.is_some(), side != Side::Nobody);
            prop_assert_eq!(request.ended.is_some(), side == Side::Nobody);
        }
    }
}
