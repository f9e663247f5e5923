//! Who is away, who holds how much: seats that go back by themselves, capacity, the workload of
//! leads, and what is handed over.

use crate::support::*;
use casework::{
    cases::{bulk, letters::post_due_dates},
    commands::{
        self, Assign, Envelope, MoveCasesInput, Next, PlanAbsenceInput, Release, give_back,
    },
    entities::outbox,
    queries::{
        self, BulkShown, application, bulk_run, candidates, case_page::case_page, own_absences,
        stage_times, work_of, workload,
    },
};
use sea_orm::EntityTrait;
use std::collections::BTreeSet;
use time::Duration;
use workflow::{Event, Who, checklist::ListKind};

const NOTE: &str = "The privacy policy is still to be read.";

const fn at(case: CaseNumber) -> Envelope {
    Envelope { case, seen: None }
}

/// An absence that begins in so many days and lasts so many more.
fn planned(story: &Story, begins: i64, lasts: i64) -> PlanAbsenceInput {
    let day = |days| {
        let at = story.desk.now().plus(Duration::days(days));
        at.date().to_string()
    };
    PlanAbsenceInput {
        person: None,
        first: day(begins),
        last: day(begins + lasts),
        note: NOTE.to_owned(),
        keeps: false,
    }
}

async fn plans(story: &Story, who: &Caller, absence: PlanAbsenceInput) -> casework::Result<()> {
    commands::plan_absence(&story.desk, who, &absence).await
}

/// The field of the first problem of a refusal.
fn field(refused: casework::Result<()>) -> String {
    refused.unwrap_err().problems()[0].field.clone()
}

fn taking(to: &Caller, seen: Option<&Caller>) -> Assign {
    Assign {
        seat: Seat::Case,
        to: to.person,
        seen: seen.map(|who| who.person),
        note: String::new(),
        within_capacity: false,
    }
}

async fn assigns(
    story: &Story,
    who: &Caller,
    case: CaseNumber,
    what: Assign,
) -> casework::Result<()> {
    let done = commands::assign(&story.desk, who, &at(case), what).await;
    done.map(drop)
}

/// The turn guarantee with absences: nobody who is away holds a seat that was not kept, and every
/// case names somebody who acts.
async fn assert_nobody_waits(story: &Story, cases: &[CaseNumber], away: &[&Caller]) {
    for number in cases {
        let case = story.case(*number).await;
        let turns = case.turns();
        assert!(!turns.is_empty(), "{number}");
        for who in away {
            assert!(
                turns.iter().all(|turn| turn.who != Who::Person(who.person)),
                "{number} waits for {}",
                who.name
            );
        }
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_away_from_today_gives_everything_back_at_once(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let mut cases = Vec::new();
    for state in [
        StateKind::Completeness,
        StateKind::Review,
        StateKind::Clarification,
    ] {
        cases.push(story.case_in(AccessLevel::Limited, state).await);
    }
    let away = planned(&story, 0, 5);
    plans(&story, &cast.reviewer, away).await.unwrap();
    assert_nobody_waits(&story, &cases, &[&cast.reviewer]).await;
    for number in &cases {
        let history = story.history(*number).await;
        let Event::Released {
            note, away, from, ..
        } = &history.last().unwrap().event
        else {
            panic!("{history:?}");
        };
        assert_eq!((note.inside(), *from), (NOTE, cast.reviewer.person));
        let until = away.unwrap().since(story.desk.now());
        assert!(until > Duration::days(5) && until < Duration::days(6));
        let page = case_page(&story.desk, &cast.lead, *number, None)
            .await
            .unwrap();
        let newest = &page.history.entries[0];
        assert!(newest.what.contains("being away until"), "{}", newest.what);
        assert_eq!(newest.detail, NOTE);
    }
    // The clock finds nothing left, and the leads were told of each.
    assert_eq!(give_back(&story.desk).await.unwrap(), 0);
    let letters = outbox::Entity::find().all(story.desk.database.read()).await;
    let told = letters.unwrap();
    let told = told.iter().filter(|row| row.kind == "work_given_back");
    assert_eq!(told.count(), cases.len());
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_absence_to_come_changes_nothing_until_its_first_day(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    plans(&story, &cast.reviewer, planned(&story, 1, 0))
        .await
        .unwrap();
    assert_eq!(give_back(&story.desk).await.unwrap(), 0);
    story.clock.pass(Duration::DAY);
    assert_eq!(give_back(&story.desk).await.unwrap(), 1);
    assert_nobody_waits(&story, &[case], &[&cast.reviewer]).await;
    // Nothing is given to them while it lasts, by nobody.
    let next = commands::get_next(&story.desk, &cast.reviewer).await;
    assert!(matches!(
        next,
        Err(Error::Refused(Refusal::YouAreAway { .. }))
    ));
    let given = assigns(&story, &cast.lead, case, taking(&cast.reviewer, None)).await;
    assert!(matches!(given, Err(Error::Refused(Refusal::Away { .. }))));
    let listed = candidates(&story.desk, &story.case(case).await, Seat::Case)
        .await
        .unwrap();
    let away: Vec<bool> = listed
        .iter()
        .map(|candidate| candidate.away.is_some())
        .collect();
    let is_rosa: Vec<bool> = listed
        .iter()
        .map(|candidate| candidate.person == cast.reviewer.person)
        .collect();
    assert_eq!(away, is_rosa);
    // Afterwards it is over.
    story.clock.pass(Duration::DAY);
    assigns(&story, &cast.lead, case, taking(&cast.reviewer, None))
        .await
        .unwrap();
    assert_eq!(give_back(&story.desk).await.unwrap(), 0);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_short_absence_may_keep_the_cases_and_the_leads_hear_of_their_dates(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    let long = PlanAbsenceInput {
        keeps: true,
        ..planned(&story, 0, 7)
    };
    assert_eq!(field(plans(&story, &cast.reviewer, long).await), "keeps");
    let short = PlanAbsenceInput {
        keeps: true,
        ..planned(&story, 0, 0)
    };
    plans(&story, &cast.reviewer, short).await.unwrap();
    assert_eq!(give_back(&story.desk).await.unwrap(), 0);
    assert_eq!(
        story.case(case).await.assignee(),
        Some(cast.reviewer.person)
    );
    let next = commands::get_next(&story.desk, &cast.reviewer).await;
    assert!(matches!(
        next,
        Err(Error::Refused(Refusal::YouAreAway { .. }))
    ));
    story.sql("UPDATE cases SET due_at = 1").await.unwrap();
    assert_eq!(post_due_dates(&story.desk).await.unwrap(), 1);
    let letters = outbox::Entity::find().all(story.desk.database.read()).await;
    let overdue: Vec<String> = letters
        .unwrap()
        .into_iter()
        .filter(|row| row.kind == "overdue")
        .map(|row| row.to_address)
        .collect();
    assert_eq!(overdue, ["lena@example.org"]);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn days_that_do_not_go_are_refused_and_taken_back_they_are_free_again(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let (desk, rosa) = (&story.desk, &cast.reviewer);
    plans(&story, rosa, planned(&story, 3, 4)).await.unwrap();
    for (begins, lasts, wrong) in [
        (-1, 2, "first"),
        (2, -1, "last"),
        (1, 1_000, "last"),
        (7, 2, "first"),
        (0, 3, "first"),
        (4, 1, "first"),
    ] {
        let refused = plans(&story, rosa, planned(&story, begins, lasts)).await;
        assert_eq!(field(refused), wrong, "{begins} {lasts}");
    }
    let own = own_absences(desk, rosa).await.unwrap().to_come;
    assert_eq!(own.len(), 1);
    // Another's is for leads.
    let others = PlanAbsenceInput {
        person: Some(rosa.person),
        ..planned(&story, 10, 1)
    };
    for who in [&cast.other_reviewer, &cast.approver] {
        let refused = plans(&story, who, others.clone()).await;
        assert!(matches!(refused, Err(Error::Forbidden { .. })));
        let refused = commands::take_back_absence(desk, who, own[0].id).await;
        assert!(matches!(refused, Err(Error::Forbidden { .. })));
    }
    for who in [&cast.owner, &cast.stranger] {
        let refused = plans(&story, who, planned(&story, 20, 1)).await;
        assert!(matches!(refused, Err(Error::NotFound)));
        assert!(matches!(
            own_absences(desk, who).await,
            Err(Error::NotFound)
        ));
    }
    plans(&story, &cast.lead, others).await.unwrap();
    commands::take_back_absence(desk, rosa, own[0].id)
        .await
        .unwrap();
    let again = commands::take_back_absence(desk, rosa, own[0].id).await;
    assert!(matches!(again, Err(Error::NotFound)));
    plans(&story, rosa, planned(&story, 4, 1)).await.unwrap();
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_note_stands_until_the_next_holder_has_taken_a_step_and_no_developer_reads_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    let release = Release {
        seat: Seat::Case,
        seen: Some(cast.reviewer.person),
        note: NOTE.to_owned(),
        away: None,
    };
    commands::release(&story.desk, &cast.reviewer, &at(case), release)
        .await
        .unwrap();
    assigns(
        &story,
        &cast.other_reviewer,
        case,
        taking(&cast.other_reviewer, None),
    )
    .await
    .unwrap();
    let left = story.case(case).await.handed_over;
    let left = &left[&Seat::Case];
    assert_eq!(
        (left.note.inside(), left.stamp.by),
        (NOTE, cast.reviewer.person)
    );
    let view = application(&story.desk, &cast.owner, case).await.unwrap();
    assert!(!format!("{view:?}").contains(NOTE));
    let trail = queries::trail::since(&story.desk, Some(&cast.owner), case, None)
        .await
        .unwrap();
    assert!(!format!("{trail:?}").contains(NOTE), "{trail:?}");
    let items = story.items(case, ListKind::Completeness).await;
    let check = actions::check(
        ListKind::Completeness,
        &items[0],
        workflow::checklist::Verdict::Pass,
    );
    story.step(&cast.other_reviewer, case, check).await;
    assert!(story.case(case).await.handed_over.is_empty());
    let page = case_page(&story.desk, &cast.lead, case, None)
        .await
        .unwrap();
    assert!(page.history.entries.iter().any(|one| one.detail == NOTE));
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn get_next_gives_nothing_at_capacity_and_a_lead_can_lay_more_on(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let (desk, rosa) = (&story.desk, &cast.reviewer);
    let mut cases = Vec::new();
    for _ in 0..3 {
        let state = StateKind::Submitted;
        cases.push(story.case_in(AccessLevel::Limited, state).await);
    }
    let refused = commands::set_capacity(desk, rosa, rosa.person, Some(9)).await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })));
    commands::set_capacity(desk, &cast.lead, rosa.person, Some(1))
        .await
        .unwrap();
    let next = commands::get_next(desk, rosa).await.unwrap();
    assert_eq!(next, Next::Case(cases[0], Seat::Case));
    let full = commands::get_next(desk, rosa).await.unwrap_err();
    assert_eq!(
        full.to_string(),
        "You hold 1 of 1 case: finish or release one before you take the next."
    );
    assigns(&story, &cast.lead, cases[1], taking(rosa, None))
        .await
        .unwrap();
    let listed = candidates(desk, &story.case(cases[2]).await, Seat::Case)
        .await
        .unwrap();
    let listed = listed.iter().find(|one| one.person == rosa.person).unwrap();
    assert_eq!((listed.open, listed.capacity), (2, 1));
    // As the setting says again.
    commands::set_capacity(desk, &cast.lead, rosa.person, None)
        .await
        .unwrap();
    let next = commands::get_next(desk, rosa).await.unwrap();
    assert_eq!(next, Next::Case(cases[2], Seat::Case));
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn pressed_twice_at_once_get_next_does_not_go_beyond_the_capacity(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    for _ in 0..4 {
        story
            .case_in(AccessLevel::Limited, StateKind::Submitted)
            .await;
    }
    let rosa = &story.cast.reviewer;
    commands::set_capacity(&story.desk, &story.cast.lead, rosa.person, Some(2))
        .await
        .unwrap();
    let other = story.another_desk().await;
    let tasks = [&story.desk, &other, &story.desk, &other].map(|desk| {
        let (desk, who) = (desk.clone(), rosa.clone());
        tokio::spawn(async move { commands::get_next(&desk, &who).await })
    });
    let mut got = BTreeSet::new();
    for task in tasks {
        match task.await.unwrap() {
            Ok(Next::Case(case, _)) => assert!(got.insert(case)),
            Err(Error::Refused(Refusal::AtCapacity { open: 2, most: 2 })) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(got.len(), 2);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn no_support_request_is_given_to_who_is_away(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let noor = story.person("noor", &[Role::Support]).await;
    plans(&story, &noor, planned(&story, 0, 2)).await.unwrap();
    let next = casework::support::commands::next_request(&story.desk, &noor).await;
    assert!(matches!(
        next,
        Err(Error::Refused(Refusal::YouAreAway { .. }))
    ));
}

/// How often two people press "Get next" at the same time.
const ROUNDS: usize = 100;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn two_people_on_two_instances_never_get_the_same_case(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    for _ in 0..3 {
        story
            .case_in(AccessLevel::Limited, StateKind::Submitted)
            .await;
    }
    let other = story.another_desk().await;
    let people = [
        (story.desk.clone(), story.cast.reviewer.clone()),
        (other, story.cast.other_reviewer.clone()),
    ];
    for round in 0..ROUNDS {
        let tasks = people.clone().map(|(desk, who)| {
            tokio::spawn(async move { commands::get_next(&desk, &who).await.unwrap() })
        });
        let mut got = BTreeSet::new();
        let mut seats = Vec::new();
        for task in tasks {
            let Next::Case(case, seat) = task.await.unwrap() else {
                panic!("round {round}: nothing for one of them");
            };
            assert!(got.insert(case), "round {round}: {case} twice");
            seats.push((case, seat));
        }
        for ((case, seat), (desk, who)) in seats.into_iter().zip(&people) {
            let release = Release {
                seat,
                seen: Some(who.person),
                note: String::new(),
                away: None,
            };
            commands::release(desk, who, &at(case), release)
                .await
                .unwrap();
        }
    }
    story.assert_sound().await;
}

/// What came of moving cases: each that the run was about, and why it stays.
async fn moved(story: &Story, input: &MoveCasesInput) -> Vec<(CaseNumber, String)> {
    let (desk, lead) = (&story.desk, &story.cast.lead);
    let run = commands::move_cases(desk, lead, input).await.unwrap();
    commands::confirm_bulk(desk, lead, run).await.unwrap();
    while bulk::go_on(desk).await.unwrap() {}
    let run = bulk_run(desk, lead, run, BulkShown::All, -1).await.unwrap();
    let cases = run.cases.into_iter();
    cases.map(|one| (one.case, one.words)).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn leads_see_who_holds_how_much_and_move_it_as_far_as_it_goes(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let (desk, rosa) = (&story.desk, &cast.reviewer);
    let zoe = story
        .person("zoe", &[Role::Reviewer, Role::CommercialReviewer])
        .await;
    let plain = story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    let review = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    // An app on whose side the one chosen was.
    let own = story.app("Side", &cast.owner).await;
    story
        .sql(&format!(
            "INSERT INTO app_members (app_id, person_id, owner, may_sign, added_at, left_at, version) \
             SELECT id, (SELECT id FROM people WHERE username = 'zoe'), {0}, {0}, 1, 1, 1 \
             FROM apps WHERE name = 'Side'",
            match engine {
                Engine::Sqlite => "0",
                Engine::Postgres => "false",
            }
        ))
        .await
        .unwrap();
    let conflicted = story
        .draft_for(own, &cast.owner, AccessLevel::Limited)
        .await;
    story.bring(conflicted, StateKind::Completeness).await;
    story
        .sql("UPDATE cases SET due_at = 1 WHERE state = 'completeness'")
        .await
        .unwrap();

    for who in [rosa, &cast.approver, &cast.compliance] {
        let refused = workload(desk, who).await;
        assert!(matches!(refused, Err(Error::Forbidden { .. })));
    }
    let workers = workload(desk, &cast.lead).await.unwrap();
    let of = |who: &Caller| {
        let worker = workers.iter().find(|one| one.person == who.person);
        worker.unwrap().load
    };
    assert_eq!((of(rosa).open, of(rosa).overdue), (3, 2));
    assert_eq!((of(&zoe).open, of(&zoe).due_soon), (0, 0));
    assert_eq!(of(&cast.commercial).open, 1);

    let moving = |which: &str, to: &Caller| MoveCasesInput {
        person: rosa.person,
        to: Some(to.person),
        which: which.to_owned(),
        note: NOTE.to_owned(),
    };
    let refused = commands::move_cases(desk, rosa, &moving("all", &zoe)).await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })));
    let overdue = moved(&story, &moving("overdue", &zoe)).await;
    assert_eq!(
        overdue,
        [
            (plain, String::new()),
            (conflicted, "Conflict of interest".to_owned())
        ]
    );
    assert_eq!(story.case(plain).await.assignee(), Some(zoe.person));
    let left = &story.case(plain).await.handed_over[&Seat::Case];
    assert_eq!(left.note.inside(), NOTE);
    let rest = moved(&story, &moving("all", &cast.commercial)).await;
    let why: BTreeSet<&str> = rest.iter().map(|(_, why)| why.as_str()).collect();
    assert_eq!(why, BTreeSet::from(["No role for it: Reviewer is needed"]));
    let work = work_of(desk, &cast.lead, rosa.person).await.unwrap();
    let held: BTreeSet<CaseNumber> = work.seats.iter().map(|one| one.case).collect();
    assert_eq!(held, BTreeSet::from([review, conflicted]));
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_time_by_stage_is_told_from_what_ended(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let lead = &story.cast.lead;
    assert_eq!(stage_times(&story.desk, lead).await.unwrap(), []);
    story
        .case_in(AccessLevel::Limited, StateKind::Approved)
        .await;
    let told = stage_times(&story.desk, lead).await.unwrap();
    let stages: Vec<StateKind> = told.iter().map(|time| time.stage).collect();
    assert_eq!(
        stages,
        [
            StateKind::Submitted,
            StateKind::Completeness,
            StateKind::Review,
            StateKind::Agreement,
            StateKind::Decision
        ]
    );
    story.clock.pass(Duration::days(91));
    assert_eq!(stage_times(&story.desk, lead).await.unwrap(), []);
}
