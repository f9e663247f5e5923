//! The queue: whose turn it is, counts and lists, get next, assignment.

use crate::support::*;
use casework::{
    commands::{self, Assign, Envelope, Next},
    queries::{
        self,
        case_page::case_page,
        queue::{Age, DueWithin, Filter, Holder, Queue, Round, View, queue},
    },
};
use std::collections::{BTreeMap, BTreeSet};
use workflow::{Seen, Turn, Who};

async fn look(story: &Story, who: &Caller, filter: Filter) -> Queue {
    queue(&story.desk, who, filter).await.unwrap()
}

fn numbers(queue: &Queue) -> Vec<CaseNumber> {
    queue.rows.iter().map(|row| row.number).collect()
}

const fn at(case: CaseNumber) -> Envelope {
    Envelope { case, seen: None }
}

/// The cases whose record names this person, or an approver, as whoever acts next: each with the
/// steps that it is for.
async fn named(
    story: &Story,
    who: &Caller,
    cases: &[CaseNumber],
) -> BTreeMap<CaseNumber, Vec<ActionKind>> {
    let mut named = BTreeMap::new();
    for number in cases {
        let case = story.case(*number).await;
        let sits = case.seats.values().any(|holder| *holder == who.person);
        let is_named = |turn: &Turn| match turn.who {
            Who::Person(person) => person == who.person,
            Who::Role(Role::Approver) => who.roles.contains(&Role::Approver) && !sits,
            Who::Role(_) | Who::Developer | Who::Signatory => false,
        };
        let turns = case.turns().into_iter().filter(is_named);
        let steps: Vec<ActionKind> = turns.map(|turn| turn.step).collect();
        if !steps.is_empty() {
            named.insert(*number, steps);
        }
    }
    named
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn my_turn_is_what_the_record_of_each_case_says(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let mut cases = Vec::new();
    for state in StateKind::ALL {
        cases.push(story.case_in(AccessLevel::Limited, *state).await);
        cases.push(story.case_in(AccessLevel::Full, *state).await);
    }
    let cast = &story.cast;
    let mut steps = BTreeSet::new();
    for who in [
        &cast.reviewer,
        &cast.other_reviewer,
        &cast.commercial,
        &cast.technical,
        &cast.lead,
        &cast.approver,
    ] {
        let named = named(&story, who, &cases).await;
        let page = look(&story, who, Filter::view(View::MyTurn)).await;
        let shown: BTreeSet<CaseNumber> = numbers(&page).into_iter().collect();
        assert_eq!(shown, named.keys().copied().collect(), "{:?}", who.roles);
        for row in &page.rows {
            let step = row.mine.unwrap();
            assert!(
                named[&row.number].contains(&step),
                "{} {step:?}",
                row.number
            );
            steps.insert(step);
        }
    }
    assert!(steps.len() >= 4, "{steps:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_named_as_next_is_offered_the_step_on_the_page_of_the_case(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let staff = [
        &cast.reviewer,
        &cast.other_reviewer,
        &cast.commercial,
        &cast.technical,
        &cast.lead,
        &cast.approver,
    ];
    let mut steps = BTreeSet::new();
    for state in StateKind::ALL.iter().filter(|state| state.is_open()) {
        for level in [AccessLevel::Limited, AccessLevel::Full] {
            let number = story.case_in(level, *state).await;
            let turns = story.case(number).await.turns();
            assert!(!turns.is_empty(), "{state:?}");
            for turn in turns {
                let is_named = |who: &&&Caller| match turn.who {
                    Who::Person(person) => who.person == person,
                    Who::Role(role) => who.roles.contains(&role),
                    Who::Developer | Who::Signatory => false,
                };
                if let Some(who) = staff.iter().find(is_named) {
                    let page = case_page(&story.desk, who, number, None).await.unwrap();
                    assert!(page.can(turn.step), "{:?} {turn:?}", who.roles);
                } else {
                    let view = queries::application(&story.desk, &cast.owner, number).await;
                    let asked = view.unwrap().asked.is_some();
                    assert!(asked, "{state:?} {turn:?}");
                }
                steps.insert(turn.step);
            }
        }
    }
    assert!(steps.len() >= 9, "{steps:?}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn each_count_is_the_length_of_its_list(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    for state in StateKind::ALL {
        story.case_in(AccessLevel::Limited, *state).await;
        story.case_in(AccessLevel::Full, *state).await;
    }
    crate::search::write(&story.desk).await;
    let cast = &story.cast;
    for who in [
        &cast.reviewer,
        &cast.commercial,
        &cast.technical,
        &cast.approver,
        &cast.compliance,
    ] {
        for view in View::ALL {
            for filter in [
                Filter::view(*view),
                Filter {
                    level: Some(AccessLevel::Full),
                    ..Filter::view(*view)
                },
                Filter {
                    holder: Some(Holder::Me),
                    ..Filter::view(*view)
                },
                Filter {
                    holder: Some(Holder::Nobody),
                    ..Filter::view(*view)
                },
                Filter {
                    holder: Some(Holder::Username("Rosa".to_owned())),
                    ..Filter::view(*view)
                },
                Filter {
                    text: "LOW".to_owned(),
                    ..Filter::view(*view)
                },
                Filter {
                    text: "%".to_owned(),
                    ..Filter::view(*view)
                },
                Filter {
                    due: Some(DueWithin::Later),
                    ..Filter::view(*view)
                },
                Filter {
                    due: Some(DueWithin::Never),
                    age: Some(Age::Week),
                    ..Filter::view(*view)
                },
                Filter {
                    round: Some(Round::First),
                    ..Filter::view(*view)
                },
                Filter {
                    region: Some("eu".to_owned()),
                    due: Some(DueWithin::Week),
                    ..Filter::view(*view)
                },
                Filter {
                    changed: true,
                    ..Filter::view(*view)
                },
            ] {
                let page = look(&story, who, filter.clone()).await;
                assert_eq!(page.total(), (page.rows.len() as u64).into(), "{filter:?}");
                for (view, count) in &page.counts {
                    let list = look(&story, who, filter.on(*view)).await;
                    let listed = (list.rows.len() as u64).into();
                    assert_eq!(*count, listed, "{view:?} under {filter:?}");
                }
            }
        }
    }
    let all = look(&story, &cast.reviewer, Filter::view(View::AllOpen)).await;
    assert!(all.rows.iter().all(|row| row.state != StateKind::Draft));
    let wild = Filter {
        text: "%".to_owned(),
        ..Filter::view(View::AllOpen)
    };
    assert_eq!(look(&story, &cast.reviewer, wild).await.total().number, 0);
    let review = Filter {
        state: Some(StateKind::Review),
        ..Filter::view(View::AllOpen)
    };
    assert_eq!(look(&story, &cast.reviewer, review).await.total().number, 2);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_found_by_its_number_and_seen_where_its_next_step_is(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let waiting = story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    let review = story.case_in(AccessLevel::Full, StateKind::Review).await;
    let decision = story
        .case_in(AccessLevel::Limited, StateKind::Decision)
        .await;
    let asked = story
        .case_in(AccessLevel::Limited, StateKind::Clarification)
        .await;
    let cast = &story.cast;

    let by_number = Filter {
        text: waiting.to_string(),
        ..Filter::view(View::AllOpen)
    };
    assert_eq!(
        numbers(&look(&story, &cast.lead, by_number).await),
        [waiting]
    );
    let needs = look(&story, &cast.reviewer, Filter::view(View::NeedsReviewer)).await;
    assert_eq!(numbers(&needs), [waiting]);
    let mine = look(&story, &cast.technical, Filter::view(View::MyTurn)).await;
    assert_eq!(numbers(&mine), [review]);
    let deciding = look(&story, &cast.approver, Filter::view(View::MyTurn)).await;
    assert_eq!(numbers(&deciding), [decision]);

    let answers = story.answers(asked, "Adults with diabetes.").await;
    story.step(&cast.owner, asked, answers).await;
    let arrived = look(&story, &cast.reviewer, Filter::view(View::AnswersArrived)).await;
    assert!(numbers(&arrived).contains(&asked));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn nobody_without_a_part_in_the_review_sees_the_queue(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    for who in [&story.cast.owner, &story.cast.stranger, &story.cast.admin] {
        let answer = queue(&story.desk, who, Filter::view(View::AllOpen)).await;
        assert!(matches!(answer, Err(Error::NotFound)));
        let next = commands::get_next(&story.desk, who).await;
        assert!(matches!(next, Err(Error::NotFound)));
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_get_next_at_once_no_two_get_the_same(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let mut waiting = Vec::new();
    for _ in 0..6 {
        waiting.push(
            story
                .case_in(AccessLevel::Limited, StateKind::Submitted)
                .await,
        );
    }
    let mut people = Vec::new();
    for index in 0..8 {
        people.push(
            story
                .person(&format!("reviewer{index}"), &[Role::Reviewer])
                .await,
        );
    }
    let tasks: Vec<_> = people
        .iter()
        .map(|who| {
            let (desk, who) = (story.desk.clone(), who.clone());
            tokio::spawn(async move { commands::get_next(&desk, &who).await.unwrap() })
        })
        .collect();
    let mut got = Vec::new();
    let mut nothing = 0;
    for task in tasks {
        match task.await.unwrap() {
            Next::Case(case, Seat::Case) => got.push(case),
            Next::Nothing => nothing += 1,
            other => panic!("{other:?}"),
        }
    }
    got.sort();
    waiting.sort();
    assert_eq!(got, waiting);
    assert_eq!(nothing, 2);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_oldest_case_that_fits_my_competence_comes_first(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let old = story
        .case_in(AccessLevel::Full, StateKind::Completeness)
        .await;
    story
        .mark_all(
            &cast.reviewer,
            old,
            workflow::checklist::ListKind::Completeness,
        )
        .await;
    story
        .step(&cast.reviewer, old, Action::ConfirmComplete)
        .await;
    story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    let both = story
        .person("zoe", &[Role::CommercialReviewer, Role::TechnicalReviewer])
        .await;

    let first = commands::get_next(&story.desk, &both).await.unwrap();
    assert_eq!(first, Next::Case(old, Seat::Commercial));
    // The technical track of the same case is for someone else.
    let second = commands::get_next(&story.desk, &both).await.unwrap();
    assert_eq!(second, Next::Nothing);
    let third = commands::get_next(&story.desk, &cast.technical)
        .await
        .unwrap();
    assert_eq!(third, Next::Case(old, Seat::Technical));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn taking_over_what_someone_else_took_meanwhile_changes_nothing(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Submitted)
        .await;
    let take = |to: &Caller, seen| Assign {
        seat: Seat::Case,
        to: to.person,
        seen,
        note: String::new(),
        within_capacity: false,
    };
    commands::assign(
        &story.desk,
        &cast.reviewer,
        &at(case),
        take(&cast.reviewer, None),
    )
    .await
    .unwrap();

    let late = commands::assign(
        &story.desk,
        &cast.other_reviewer,
        &at(case),
        take(&cast.other_reviewer, None),
    )
    .await;
    assert!(matches!(
        late,
        Err(Error::Refused(Refusal::SeatTaken { now: Some(now), .. })) if now == cast.reviewer.person
    ));
    // With the version seen, the answer says what happened instead.
    let seen = Envelope {
        seen: Some(Seen::version(2)),
        ..at(case)
    };
    let late = commands::assign(
        &story.desk,
        &cast.other_reviewer,
        &seen,
        take(&cast.other_reviewer, None),
    )
    .await;
    let Err(Error::Conflict { changes }) = late else {
        panic!("{late:?}")
    };
    assert_eq!(changes[0].who, "Rosa");
    // A reviewer takes for herself alone; a lead gives to others, to the competent alone.
    let for_other = commands::assign(
        &story.desk,
        &cast.other_reviewer,
        &at(case),
        take(&cast.approver, Some(cast.reviewer.person)),
    )
    .await;
    assert!(matches!(for_other, Err(Error::Forbidden { .. })));
    let unfit = commands::assign(
        &story.desk,
        &cast.lead,
        &at(case),
        take(&cast.approver, Some(cast.reviewer.person)),
    )
    .await;
    assert!(matches!(
        unfit,
        Err(Error::Refused(Refusal::NotCompetent { .. }))
    ));
    commands::assign(
        &story.desk,
        &cast.lead,
        &at(case),
        take(&cast.other_reviewer, Some(cast.reviewer.person)),
    )
    .await
    .unwrap();
    assert_eq!(
        story.case(case).await.assignee(),
        Some(cast.other_reviewer.person)
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_clock_reminds_twice_and_then_lets_lapse_however_many_instances_tick(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Clarification)
        .await;
    let other = story.another_desk().await;
    assert_eq!(commands::tick(&story.desk).await.unwrap(), 0);
    let due = story.case(case).await.state.developer_due().unwrap();
    let mut told = Vec::new();
    for moment in [
        due.plus(-time::Duration::days(2)),
        due.plus(time::Duration::hours(1)),
        due.plus(time::Duration::days(30)),
    ] {
        story.clock.set(moment);
        let (one, two) = tokio::join!(commands::tick(&story.desk), commands::tick(&other));
        told.push(one.unwrap() + two.unwrap());
    }
    assert_eq!(told, [1, 1, 1]);
    assert_eq!(story.case(case).await.state.kind(), StateKind::Lapsed);
    let names: Vec<&str> = story
        .history(case)
        .await
        .iter()
        .rev()
        .take(3)
        .map(|recorded| recorded.event.name())
        .collect::<Vec<_>>();
    assert_eq!(names, ["lapsed", "reminded", "reminded"]);
}
