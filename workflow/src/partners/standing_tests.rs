//! The laws of standings, at every date.

use super::*;
use crate::Timestamp;
use proptest::prelude::*;
use time::{Duration, macros::date};

const GRACE: Grace = Grace {
    rest_days: 30,
    end_days: 60,
};

fn day(number: i64) -> Timestamp {
    Timestamp::start_of(date!(2026 - 01 - 01)).plus(Duration::days(number))
}

/// Days from 0 on.
fn approved(lapses: &[(i64, Option<i64>)]) -> Facts {
    Facts {
        applied: Some(day(0)),
        proposed: Some(day(5)),
        decided: Some((day(10), Decision::Approved)),
        left: None,
        lapses: lapses
            .iter()
            .map(|(from, until)| Lapse {
                criterion: Criterion::Users,
                from: day(*from),
                until: until.map(day),
                grace: GRACE,
            })
            .collect(),
    }
}

fn states(facts: &Facts, days: &[i64]) -> Vec<State> {
    days.iter()
        .map(|number| standing(facts, day(*number)).state)
        .collect()
}

#[test]
fn an_application_waits_is_proposed_and_becomes_a_partnership() {
    let facts = approved(&[]);
    assert_eq!(
        states(&facts, &[-1, 0, 4, 5, 9, 10, 4_000]),
        [
            State::None,
            State::Applied,
            State::Applied,
            State::Proposed,
            State::Proposed,
            State::Active,
            State::Active
        ]
    );
}

#[test]
fn falling_out_warns_at_once_then_rests_then_ends() {
    let facts = approved(&[(100, None)]);
    assert_eq!(
        states(&facts, &[99, 100, 129, 130, 189, 190, 4_000]),
        [
            State::Active,
            State::Warned,
            State::Warned,
            State::Resting,
            State::Resting,
            State::Ended,
            State::Ended
        ]
    );
    let next = |number| standing(&facts, day(number)).next;
    assert_eq!(next(100), Some(day(130)));
    assert_eq!(next(130), Some(day(190)));
    assert_eq!(next(190), None);
}

#[test]
fn coming_back_restores_as_long_as_it_has_not_ended() {
    for back in [101, 129, 130, 150, 190] {
        let facts = approved(&[(100, Some(back))]);
        assert_eq!(states(&facts, &[back, 500]), [State::Active; 2], "{back}");
    }
    let too_late = approved(&[(100, Some(191))]);
    assert_eq!(states(&too_late, &[190, 191, 500]), [State::Ended; 3]);
}

#[test]
fn a_second_criterion_that_fails_meanwhile_gives_no_new_grace() {
    let mut facts = approved(&[(100, Some(120))]);
    facts.lapses.push(Lapse {
        criterion: Criterion::App,
        from: day(110),
        until: None,
        grace: Grace {
            rest_days: 300,
            end_days: 300,
        },
    });
    assert_eq!(
        states(&facts, &[120, 130, 190]),
        [State::Warned, State::Resting, State::Ended]
    );
}

#[test]
fn what_was_declined_or_taken_back_never_is_a_partner() {
    let declined = Facts {
        decided: Some((day(10), Decision::Declined)),
        ..approved(&[(20, None)])
    };
    assert_eq!(states(&declined, &[10, 400]), [State::Declined; 2]);
    let taken_back = Facts {
        decided: None,
        left: Some(day(7)),
        ..approved(&[])
    };
    assert_eq!(states(&taken_back, &[6, 7]), [State::Proposed, State::None]);
}

#[test]
fn who_leaves_has_ended_it_then_and_not_twice() {
    let left = Facts {
        left: Some(day(120)),
        ..approved(&[(100, None)])
    };
    assert_eq!(
        states(&left, &[119, 120, 130]),
        [State::Warned, State::Ended, State::Ended]
    );
    let ended_before = Facts {
        left: Some(day(300)),
        ..approved(&[(100, None)])
    };
    let stands = standing(&ended_before, day(400));
    assert_eq!((stands.state, stands.since), (State::Ended, Some(day(190))));
}

#[test]
fn each_step_is_possible_in_its_states_alone_and_each_refusal_says_why() {
    for step in Step::ALL {
        let possible: Vec<State> = State::ALL
            .iter()
            .copied()
            .filter(|state| allowed(*step, *state).is_ok())
            .collect();
        let expected: &[State] = match step {
            Step::Apply => &[State::None, State::Declined, State::Ended],
            Step::Leave => &[
                State::Applied,
                State::Proposed,
                State::Active,
                State::Warned,
                State::Resting,
            ],
            Step::Propose => &[State::Applied],
            Step::TakeBack | Step::Decide => &[State::Proposed],
        };
        assert_eq!(possible, expected, "{step:?}");
        for state in State::ALL {
            if let Err(refused) = allowed(*step, *state) {
                assert!(refused.to_string().ends_with('.'), "{refused}");
            }
        }
    }
}

/// The same rules told another way: day by day, remembering only where one stands.
fn folded(facts: &Facts, last: i64) -> State {
    let mut state = State::None;
    let mut falls: Option<(i64, Grace)> = None;
    for today in 0..=last {
        let is = |at: Option<Timestamp>| at == Some(day(today));
        let failing: Vec<&Lapse> = facts
            .lapses
            .iter()
            .filter(|lapse| lapse.until != Some(lapse.from))
            .filter(|lapse| lapse.from <= day(today))
            .filter(|lapse| lapse.until.is_none_or(|until| until > day(today)))
            .collect();
        if is(facts.applied) {
            state = State::Applied;
        }
        if is(facts.proposed) && state == State::Applied {
            state = State::Proposed;
        }
        if let Some((_, decision)) = facts.decided.filter(|(at, _)| is(Some(*at))) {
            state = match decision {
                Decision::Approved => State::Active,
                Decision::Declined => State::Declined,
            };
        }
        if state.is_held() {
            if let Some((from, grace)) = falls {
                let rests = from + i64::from(grace.rest_days);
                let ends = rests + i64::from(grace.end_days);
                // What is met again on the very day is met in time.
                if failing.is_empty() && today <= ends {
                    falls = None;
                    state = State::Active;
                } else if today >= ends {
                    state = State::Ended;
                } else if today >= rests {
                    state = State::Resting;
                }
            } else if let Some(first) = failing
                .iter()
                .min_by_key(|lapse| (lapse.from, lapse.criterion))
            {
                falls = Some((today, first.grace));
                state = State::Warned;
            }
        }
        if is(facts.left) {
            state = match state {
                State::None | State::Applied | State::Proposed => State::None,
                State::Declined => State::Declined,
                State::Active | State::Warned | State::Resting | State::Ended => State::Ended,
            };
        }
    }
    state
}

/// Random histories: an application on day 0, lapses of every criterion, one after the other each.
fn histories() -> impl Strategy<Value = Facts> {
    let decision = prop_oneof![
        4 => Just(Some(Decision::Approved)),
        1 => Just(Some(Decision::Declined)),
        1 => Just(None),
    ];
    let of_one = prop::collection::vec((1_i64..60, 1_i64..80, 1_u16..40, 1_u16..40), 0..4);
    let lapses = prop::collection::vec(of_one, 3);
    (
        decision,
        1_i64..10,
        1_i64..10,
        lapses,
        prop::option::weighted(0.2, 21_i64..300),
        any::<bool>(),
    )
        .prop_map(|(decision, to_propose, to_decide, lapses, left, open)| {
            let decided = to_propose + to_decide;
            let mut facts = Facts {
                applied: Some(day(0)),
                proposed: Some(day(to_propose)),
                decided: decision.map(|decision| (day(decided), decision)),
                left: left.map(day),
                lapses: Vec::new(),
            };
            for (criterion, spans) in Criterion::ALL.iter().zip(lapses) {
                let mut from = decided;
                let count = spans.len();
                for (index, (gap, length, rest_days, end_days)) in spans.into_iter().enumerate() {
                    from += gap;
                    let goes_on = open && index + 1 == count;
                    facts.lapses.push(Lapse {
                        criterion: *criterion,
                        from: day(from),
                        until: (!goes_on).then(|| day(from + length)),
                        grace: Grace {
                            rest_days,
                            end_days,
                        },
                    });
                    from += length;
                }
            }
            facts
        })
}

/// What was known on a day.
fn known_on(facts: &Facts, today: Timestamp) -> Facts {
    let past = |at: Option<Timestamp>| at.filter(|at| *at <= today);
    Facts {
        applied: past(facts.applied),
        proposed: past(facts.proposed),
        decided: facts.decided.filter(|(at, _)| *at <= today),
        left: past(facts.left),
        lapses: facts
            .lapses
            .iter()
            .filter(|lapse| lapse.from <= today)
            .map(|lapse| Lapse {
                until: past(lapse.until),
                ..*lapse
            })
            .collect(),
    }
}

const fn fallen(state: State) -> u8 {
    match state {
        State::Active => 1,
        State::Warned => 2,
        State::Resting => 3,
        State::Ended => 4,
        State::None | State::Applied | State::Proposed | State::Declined => 0,
    }
}

proptest! {
    #[test]
    fn the_state_at_each_date_is_the_fold_over_its_days(facts in histories(), last in 0_i64..600) {
        prop_assert_eq!(standing(&facts, day(last)).state, folded(&facts, last));
    }

    #[test]
    fn what_comes_later_changes_nothing_of_what_was(facts in histories(), today in 0_i64..600) {
        let at = day(today);
        prop_assert_eq!(standing(&facts, at), standing(&known_on(&facts, at), at));
    }

    #[test]
    fn nobody_is_a_partner_without_an_approval(facts in histories(), today in 0_i64..600) {
        let at = day(today);
        let approved = matches!(facts.decided, Some((when, Decision::Approved)) if when <= at);
        let state = standing(&facts, at).state;
        prop_assert!(approved || !(state.is_held() || state.is_listed()));
        prop_assert!(!state.is_listed() || state.is_held());
    }

    #[test]
    fn between_two_facts_a_partnership_only_falls(facts in histories(), today in 0_i64..600) {
        let moments = facts.lapses.iter().flat_map(|lapse| [Some(lapse.from), lapse.until]);
        let moments = moments.chain([facts.applied, facts.proposed, facts.left, facts.decided.map(|(at, _)| at)]);
        let (now, next) = (day(today), day(today + 1));
        let quiet = moments.flatten().all(|at| at <= now || at > next);
        let (before, after) = (standing(&facts, now), standing(&facts, next));
        if quiet {
            prop_assert!(fallen(after.state) >= fallen(before.state), "{:?} {:?}", before, after);
        }
    }

    #[test]
    fn a_held_partnership_is_active_exactly_where_every_criterion_is_met(facts in histories(), today in 0_i64..600) {
        let at = day(today);
        let fails = facts.lapses.iter().any(|lapse| lapse.from <= at && lapse.until.is_none_or(|until| until > at));
        let state = standing(&facts, at).state;
        if state.is_held() {
            prop_assert_eq!(state == State::Active, !fails);
        }
    }

    #[test]
    fn the_day_that_is_named_as_next_is_the_day_on_which_it_changes(facts in histories(), today in 0_i64..600) {
        let at = day(today);
        let known = known_on(&facts, at);
        let now = standing(&known, at);
        if let Some(next) = now.next {
            prop_assert!(next > at);
            let before = standing(&known, next.plus(-Duration::MICROSECOND));
            prop_assert_eq!(before.state, now.state);
            prop_assert!(fallen(standing(&known, next).state) == fallen(now.state) + 1);
        }
    }

    #[test]
    fn an_end_is_for_good(facts in histories(), today in 0_i64..300, later in 1_i64..300) {
        if standing(&facts, day(today)).state == State::Ended {
            prop_assert_eq!(standing(&facts, day(today + later)).state, State::Ended);
        }
    }
}
