//! One step for many cases of the queue: what is foreseen, what comes of each case, and that each is
//! settled once, whoever works beside it and whatever dies.

use crate::support::*;
use casework::{
    cases::bulk::{BulkOutcome, RunState, go_on},
    commands::{
        self, Assign, BeginBulkInput, Envelope, KeepTagInput, begin_bulk, confirm_bulk,
        remind_developer, repeat_bulk, stop_bulk, tag_case,
    },
    entities::{audit_events, bulk_cases, outbox},
    queries::{BulkRun, BulkShown, bulk_run, queue::kept_tags, workload},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, BTreeSet};
use time::Duration;
use uuid::Uuid;

/// All open cases, in the order of their numbers.
const LIST: &str = "?view=all_open&sort=-number";

fn doing(kind: &str) -> BeginBulkInput {
    BeginBulkInput {
        query: LIST.to_owned(),
        marked: String::new(),
        kind: kind.to_owned(),
        seat: None,
        to: None,
        beyond: false,
        note: String::new(),
        tag: None,
    }
}

fn assigning(to: &Caller) -> BeginBulkInput {
    BeginBulkInput {
        to: Some(to.person),
        ..doing("assign")
    }
}

/// A lead assigns every open case to somebody.
pub async fn assign_all(story: &Story, to: &Caller) {
    let lead = &story.cast.lead;
    let run = begin_bulk(&story.desk, lead, &assigning(to)).await.unwrap();
    confirm_bulk(&story.desk, lead, run).await.unwrap();
    finish(&story.desk).await;
}

async fn tag(story: &Story) -> Uuid {
    let input = KeepTagInput {
        tag: None,
        name: "Pilot".to_owned(),
        retired: false,
    };
    let lead = &story.cast.lead;
    commands::keep_tag(&story.desk, lead, &input).await.unwrap();
    kept_tags(&story.desk, lead).await.unwrap()[0].id
}

async fn seen(story: &Story, who: &Caller, run: Uuid) -> BulkRun {
    bulk_run(&story.desk, who, run, BulkShown::All, -1)
        .await
        .unwrap()
}

/// Goes on until nothing of it is left.
async fn finish(desk: &Desk) {
    while go_on(desk).await.unwrap() {}
}

/// What came of each case, by its number.
async fn outcomes(story: &Story, run: Uuid) -> BTreeMap<i32, (String, String)> {
    let rows = bulk_cases::Entity::find()
        .filter(bulk_cases::Column::RunId.eq(run))
        .all(story.desk.database.read())
        .await
        .unwrap();
    let rows = rows.into_iter();
    rows.map(|row| (row.number, (row.outcome, row.words)))
        .collect()
}

/// How often an event of this name by this person is on record, by case.
async fn recorded(story: &Story, name: &str, by: &Caller) -> BTreeMap<Uuid, usize> {
    let rows = audit_events::Entity::find()
        .filter(audit_events::Column::Name.eq(name))
        .filter(audit_events::Column::Actor.eq(by.person.to_string()))
        .all(story.desk.database.read())
        .await
        .unwrap();
    let mut found = BTreeMap::new();
    for case in rows.into_iter().filter_map(|row| row.case_id) {
        *found.entry(case).or_default() += 1;
    }
    found
}

async fn letters(story: &Story, kind: &str) -> Vec<outbox::Model> {
    outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind))
        .order_by_asc(outbox::Column::Id)
        .all(story.desk.database.read())
        .await
        .unwrap()
}

async fn submitted(story: &Story, many: usize) -> Vec<CaseNumber> {
    let mut cases = Vec::new();
    for _ in 0..many {
        let state = StateKind::Submitted;
        cases.push(story.case_in(AccessLevel::Limited, state).await);
    }
    cases
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_foreseen_comes_true_and_who_gets_the_cases_has_one_letter(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    let zoe = story.person("zoe", &[Role::Reviewer]).await;
    let waiting = submitted(&story, 4).await;
    let review = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    commands::set_capacity(desk, &cast.lead, zoe.person, Some(3))
        .await
        .unwrap();
    for who in [&cast.reviewer, &cast.approver] {
        let refused = begin_bulk(desk, who, &assigning(&zoe)).await;
        assert!(matches!(refused, Err(Error::Forbidden { .. })));
    }
    let nobody = begin_bulk(desk, &cast.lead, &doing("assign")).await;
    assert_eq!(nobody.unwrap_err().problems()[0].field, "to");

    let run = begin_bulk(desk, &cast.lead, &assigning(&zoe))
        .await
        .unwrap();
    let foreseen = seen(&story, &cast.lead, run).await;
    assert_eq!(foreseen.state, RunState::Ready);
    assert_eq!(foreseen.total(), 5);
    assert_eq!(foreseen.count(BulkOutcome::Ready), 3);
    assert_eq!(
        foreseen.reasons,
        [("Can hold no more: 3 of 3 cases".to_owned(), 2)]
    );
    // Nothing has been done, nobody written to.
    assert_eq!(recorded(&story, "assigned", &cast.lead).await.len(), 0);
    assert_eq!(letters(&story, "assigned").await.len(), 0);
    assert!(!go_on(desk).await.unwrap());

    confirm_bulk(desk, &cast.lead, run).await.unwrap();
    confirm_bulk(desk, &cast.lead, run).await.unwrap();
    finish(desk).await;
    let done = seen(&story, &cast.lead, run).await;
    assert_eq!(done.state, RunState::Ended);
    assert_eq!(done.count(BulkOutcome::Done), 3);
    assert_eq!(done.count(BulkOutcome::Cannot), 2);
    for (before, after) in foreseen.cases.iter().zip(&done.cases) {
        let expected = match before.outcome {
            BulkOutcome::Ready => BulkOutcome::Done,
            other => other,
        };
        assert_eq!((after.case, after.outcome), (before.case, expected));
    }
    assert_eq!(letters(&story, "assigned").await.len(), 0);
    let told = letters(&story, "cases_assigned").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].subject, "3 cases assigned to you");

    // Again, with more room: what was left is looked at anew.
    commands::set_capacity(desk, &cast.lead, zoe.person, None)
        .await
        .unwrap();
    let again = repeat_bulk(desk, &cast.lead, run).await.unwrap();
    assert_eq!(seen(&story, &cast.lead, again).await.total(), 2);
    confirm_bulk(desk, &cast.lead, again).await.unwrap();
    finish(desk).await;
    let rest = seen(&story, &cast.lead, again).await;
    assert_eq!(rest.count(BulkOutcome::Done), 2);
    for case in waiting.iter().chain([&review]) {
        assert_eq!(story.case(*case).await.assignee(), Some(zoe.person));
    }
    let nothing_left = repeat_bulk(desk, &cast.lead, again).await;
    assert!(matches!(nothing_left, Err(Error::Input { .. })));
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_its_makers_and_leads_look_at_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    let cases = submitted(&story, 2).await;
    let tag = tag(&story).await;
    let marking = BeginBulkInput {
        marked: format!("{},UD-99999,nonsense", cases[0]),
        tag: Some(tag),
        ..doing("tag")
    };
    let run = begin_bulk(desk, &cast.reviewer, &marking).await.unwrap();
    let own = seen(&story, &cast.reviewer, run).await;
    assert!(own.is_own && own.total() == 1 && own.cases[0].case == cases[0]);
    assert!(!seen(&story, &cast.lead, run).await.is_own);
    for who in [&cast.other_reviewer, &cast.approver] {
        let hidden = bulk_run(desk, who, run, BulkShown::All, -1).await;
        assert!(matches!(hidden, Err(Error::NotFound)));
    }
    for who in [&cast.compliance, &cast.owner] {
        assert!(bulk_run(desk, who, run, BulkShown::All, -1).await.is_err());
        assert!(begin_bulk(desk, who, &marking).await.is_err());
    }
    for who in [&cast.lead, &cast.other_reviewer] {
        let refused = confirm_bulk(desk, who, run).await;
        assert!(matches!(refused, Err(Error::NotFound)));
        let refused = repeat_bulk(desk, who, run).await;
        assert!(matches!(refused, Err(Error::NotFound)));
    }
    // What is so already when its turn comes is no step.
    confirm_bulk(desk, &cast.reviewer, run).await.unwrap();
    tag_case(desk, &cast.lead, cases[0], Some(tag))
        .await
        .unwrap();
    finish(desk).await;
    let ended = seen(&story, &cast.reviewer, run).await;
    assert_eq!(ended.cases[0].words, "Is so already");
    assert_eq!(
        recorded(&story, "case_tagged", &cast.reviewer).await.len(),
        0
    );
    let unknown = BeginBulkInput {
        marked: "UD-99999".to_owned(),
        ..marking
    };
    let refused = begin_bulk(desk, &cast.reviewer, &unknown).await;
    assert!(matches!(refused, Err(Error::Input { .. })));
    story.assert_sound().await;
}

/// So many cases are in the race.
const RACE: usize = 500;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_cases_have_an_outcome_each_while_others_work_on_another_instance(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    let zoe = story.person("zoe", &[Role::Reviewer]).await;
    let cases = submitted(&story, RACE).await;
    let most = 400;
    commands::set_capacity(desk, &cast.lead, zoe.person, Some(most))
        .await
        .unwrap();
    let run = begin_bulk(desk, &cast.lead, &assigning(&zoe))
        .await
        .unwrap();
    finish(desk).await;
    let foreseen = seen(&story, &cast.lead, run).await;
    assert_eq!(foreseen.count(BulkOutcome::Ready), u64::from(most));
    assert_eq!(foreseen.count(BulkOutcome::Cannot), 100);
    confirm_bulk(desk, &cast.lead, run).await.unwrap();

    let other = story.another_desk().await;
    let take = async |who: &Caller, case: CaseNumber| {
        let envelope = Envelope { case, seen: None };
        let assignment = Assign {
            seat: Seat::Case,
            to: who.person,
            seen: None,
            note: String::new(),
            within_capacity: false,
        };
        let taken = commands::assign(&other, who, &envelope, assignment).await;
        usize::from(taken.is_ok())
    };
    let takes = async {
        let mut taken = 0;
        for case in cases.iter().step_by(7) {
            taken += take(&cast.reviewer, *case).await;
        }
        taken
    };
    let withdraws = async {
        let mut gone = 0;
        for case in cases.iter().skip(3).step_by(25) {
            let reason = "We ship later.".to_owned();
            let step = story::act(&other, &cast.owner, *case, Action::Withdraw { reason });
            gone += usize::from(step.await.is_ok());
        }
        gone
    };
    let gets_next = async {
        for _ in 0..20 {
            // Beyond what she can hold there is no next.
            let _ = commands::get_next(&other, &zoe).await;
        }
    };
    let (_, _, taken, gone, ()) =
        tokio::join!(finish(desk), finish(&other), takes, withdraws, gets_next);
    assert!(taken > 0 && gone > 0, "{taken} {gone}");

    let ended = seen(&story, &cast.lead, run).await;
    assert_eq!(ended.state, RunState::Ended);
    assert_eq!(ended.total(), RACE as u64);
    assert_eq!(ended.count(BulkOutcome::Ready), 0);
    let done = ended.count(BulkOutcome::Done);
    assert_eq!(done + ended.not_done(), RACE as u64);
    assert_eq!(ended.count(BulkOutcome::Cannot), 100);
    let of_lead = recorded(&story, "assigned", &cast.lead).await;
    assert!(of_lead.values().all(|times| *times == 1));
    assert_eq!(of_lead.len() as u64, done);
    let all = outcomes(&story, run).await;
    for case in &cases {
        let (outcome, words) = &all[&i32::try_from(case.0).unwrap()];
        let stored = story::stored(&story, *case).await;
        let by_lead = of_lead.contains_key(&stored.id.0);
        assert_eq!(outcome == "done", by_lead, "{case}: {words}");
        assert_eq!(words.is_empty(), by_lead, "{case}: {words}");
    }
    let workers = workload(desk, &cast.lead).await.unwrap();
    let load = workers.iter().find(|one| one.person == zoe.person);
    assert!(load.unwrap().load.open <= most);
    let taken_by_others: BTreeSet<&str> = all
        .values()
        .map(|(_, words)| words.as_str())
        .filter(|words| words.starts_with("Changed meanwhile"))
        .collect();
    assert!(
        taken_by_others.contains("Changed meanwhile: Rosa has it now"),
        "{taken_by_others:?}"
    );
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_dies_midway_is_taken_up_by_another_instance_and_each_case_is_done_once(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    let cases = submitted(&story, 90).await;
    let tagging = BeginBulkInput {
        tag: Some(tag(&story).await),
        ..doing("tag")
    };
    let run = begin_bulk(desk, &cast.lead, &tagging).await.unwrap();
    // It is more than is looked at in one request.
    assert_eq!(seen(&story, &cast.lead, run).await.state, RunState::Looking);
    finish(desk).await;
    confirm_bulk(desk, &cast.lead, run).await.unwrap();
    // Whoever has it has it alone for a while.
    let until = desk.now().plus(Duration::seconds(30)).micros();
    story
        .sql(&format!("UPDATE bulk_runs SET leased_until = {until}"))
        .await
        .unwrap();
    assert!(!go_on(desk).await.unwrap());
    story.clock.pass(Duration::seconds(31));

    let mut done = 0;
    while done < cases.len() as u64 {
        let dying = story.another_desk().await;
        let task = tokio::spawn(async move { go_on(&dying).await });
        let before = done;
        while done == before && !task.is_finished() {
            tokio::task::yield_now().await;
            let rows = bulk_cases::Entity::find()
                .filter(bulk_cases::Column::RunId.eq(run))
                .filter(bulk_cases::Column::Outcome.eq("done"));
            done = rows.count(desk.database.read()).await.unwrap();
        }
        task.abort();
        let _ = task.await;
        story.clock.pass(Duration::seconds(31));
    }
    finish(desk).await;
    let ended = seen(&story, &cast.lead, run).await;
    assert_eq!(ended.state, RunState::Ended);
    assert_eq!(ended.count(BulkOutcome::Done), cases.len() as u64);
    let tagged = recorded(&story, "case_tagged", &cast.lead).await;
    assert_eq!(tagged.len(), cases.len());
    assert!(tagged.values().all(|times| *times == 1));
    let of_run = audit_events::Entity::find()
        .filter(audit_events::Column::Name.is_in(["bulk_begun", "bulk_ended"]));
    assert_eq!(of_run.count(desk.database.read()).await.unwrap(), 2);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_stopped_leaves_what_waits_as_it_is(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    let cases = submitted(&story, 3).await;
    let run = begin_bulk(desk, &cast.lead, &assigning(&cast.reviewer))
        .await
        .unwrap();
    stop_bulk(desk, &cast.lead, run).await.unwrap();
    confirm_bulk(desk, &cast.lead, run).await.unwrap();
    let refused = stop_bulk(desk, &cast.reviewer, run).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    stop_bulk(desk, &cast.lead, run).await.unwrap();
    finish(desk).await;
    let ended = seen(&story, &cast.lead, run).await;
    assert_eq!(ended.state, RunState::Ended);
    assert_eq!(ended.reasons, [("Stopped before its turn".to_owned(), 3)]);
    for case in cases {
        assert_eq!(story.case(case).await.assignee(), None);
    }
    assert_eq!(letters(&story, "cases_assigned").await.len(), 0);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_developer_is_reminded_in_their_turn_and_not_again_for_some_days(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let (desk, cast) = (&story.desk, &story.cast);
    let asked = story
        .case_in(AccessLevel::Limited, StateKind::Clarification)
        .await;
    let review = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    let version = story.case(asked).await.version;
    for who in [&cast.compliance, &cast.approver, &cast.owner] {
        assert!(remind_developer(desk, who, asked).await.is_err());
    }
    let run = begin_bulk(desk, &cast.reviewer, &doing("remind"))
        .await
        .unwrap();
    let foreseen = seen(&story, &cast.reviewer, run).await;
    assert_eq!(
        foreseen.reasons,
        [("It is not the developer's turn.".to_owned(), 1)]
    );
    assert_eq!(letters(&story, "reminder").await.len(), 0);
    confirm_bulk(desk, &cast.reviewer, run).await.unwrap();
    finish(desk).await;
    assert_eq!(letters(&story, "reminder").await.len(), 2);
    assert_eq!(story.case(asked).await.version, version);

    let again = remind_developer(desk, &cast.lead, asked).await;
    assert!(matches!(
        again,
        Err(Error::Refused(Refusal::RemindedBefore { .. }))
    ));
    let never = remind_developer(desk, &cast.lead, review).await;
    assert!(matches!(
        never,
        Err(Error::Refused(Refusal::NotDevelopersTurn))
    ));
    story.clock.pass(Duration::days(7));
    remind_developer(desk, &cast.lead, asked).await.unwrap();
    assert_eq!(letters(&story, "reminder").await.len(), 4);
    story.assert_sound().await;
}
