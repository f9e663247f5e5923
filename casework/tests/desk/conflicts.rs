//! Several people, tabs and clicks at once: one wins, the others are told what happened, and
//! nothing is done twice.

use crate::support::*;
use casework::{
    accounts,
    commands::{self, Envelope, Signing},
    database::Database,
    entities::{agreements, people, signatures},
};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Set, Statement};
use workflow::Seen;

fn at(case: CaseNumber, seen: Seen) -> Envelope {
    Envelope {
        case,
        seen: Some(seen),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_conflicting_decisions_one_wins_and_the_others_are_told_what_happened(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Decision)
        .await;
    let seen = story::seen(&story.desk, case).await.unwrap();
    let other = story.another_desk().await;
    let second = story.person("anna", &[Role::Approver]).await;
    let mut decisions = Vec::new();
    for round in 0..50 {
        let desk = if round % 2 == 0 { &story.desk } else { &other };
        let who = if round % 3 == 0 {
            &story.cast.approver
        } else {
            &second
        };
        let action = if round % 5 == 0 {
            story::decline(&format!("Reason {round}."))
        } else {
            story::approve(AccessLevel::Limited)
        };
        decisions.push((desk, who, Act::by(desk, who, action).await));
    }
    let outcomes = join_all(decisions.iter().map(|(desk, who, decision)| async move {
        commands::run(desk, Some(who), &at(case, seen), decision).await
    }))
    .await;
    let winners = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(winners, 1);
    let done = story.case(case).await;
    for outcome in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        let Error::Conflict { changes } = outcome else {
            panic!("not a clean conflict: {outcome:?}");
        };
        assert_eq!(changes.len(), 1, "it says what changed");
        assert!(["Amara", "Anna"].contains(&changes[0].who.as_str()));
    }
    assert_eq!(done.version, seen.version + 1);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_agreement_signed_in_two_tabs_bears_one_signature(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    const PASSWORD: &str = "a long enough secret";
    let story = Story::begin(engine).await;
    let database = story.desk.database.write();
    agreements::Entity::insert(agreements::ActiveModel {
        kind: Set("dla".to_owned()),
        version: Set(1),
        title: Set("Data Licensing Agreement".to_owned()),
        body: Set("# Data Licensing Agreement".to_owned()),
        sha256: Set(String::new()),
        published_at: Set(0),
        published_by: Set(None),
    })
    .exec_without_returning(database)
    .await
    .unwrap();
    people::Entity::update(people::ActiveModel {
        id: Set(story.cast.owner.person.0),
        password_hash: Set(Some(accounts::hash(PASSWORD.to_owned()).await.unwrap())),
        ..Default::default()
    })
    .exec(database)
    .await
    .unwrap();
    story.desk.refresh().await.unwrap();
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Agreement)
        .await;
    let seen = story.case(case).await.version;
    let signing = Signing {
        version: 1,
        capacity: "Managing director".to_owned(),
        consent: true,
    };
    let tabs = (0..2).map(|_| async {
        let envelope = at(case, Seen::version(seen));
        commands::accept_dla(
            &story.desk,
            &story.cast.owner,
            &envelope,
            &signing,
            PASSWORD,
        )
        .await
    });
    let outcomes = join_all(tabs).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for refused in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        assert!(matches!(refused, Error::Conflict { .. }), "{refused:?}");
    }
    let rows = signatures::Entity::find()
        .filter(signatures::Column::CaseId.eq(story.row(case).await.id))
        .all(story.desk.database.read())
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    assert!(casework::signatures::holds(&rows[0]));
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn reviewers_at_work_on_single_items_do_not_disturb_each_other(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    use workflow::checklist::{ListKind, Verdict};
    let story = Story::begin(engine).await;
    let case = story.case_in(AccessLevel::Full, StateKind::Review).await;
    let seen = story.case(case).await.version;
    let marks = [
        (&story.cast.commercial, ListKind::Commercial, "use_case"),
        (&story.cast.commercial, ListKind::Commercial, "markets"),
        (&story.cast.technical, ListKind::Technical, "tls"),
        (&story.cast.technical, ListKind::Technical, "backoff"),
    ];
    let marks = marks.map(|(who, list, item)| {
        let action = story::check(list, item, Verdict::Pass);
        let desk = &story.desk;
        async move {
            commands::run(
                desk,
                Some(who),
                &at(case, Seen::version(seen)),
                &Act::unsigned(action),
            )
            .await
        }
    });
    for outcome in join_all(marks).await {
        outcome.unwrap();
    }
    assert_eq!(story.case(case).await.version, seen + 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_database_is_a_clean_refusal_and_work_goes_on_afterwards() {
    let story = Story::begin(Engine::Sqlite).await;
    let case = story.draft(AccessLevel::Limited).await;
    let before = story.row(case).await;
    let elsewhere = Database::open(&story.url, 1).await.unwrap();
    let lock = elsewhere.begin().await.unwrap();
    let refused = story
        .act(&story.cast.owner, case, story::submission())
        .await
        .unwrap_err();
    assert!(matches!(refused, Error::Unavailable(_)), "{refused:?}");
    assert_eq!(refused.status(), 503);
    assert!(!refused.to_string().contains("locked"), "{refused}");
    assert_eq!(
        story.row(case).await,
        before,
        "reading goes on, nothing was written"
    );
    lock.rollback().await.unwrap();
    story
        .act(&story.cast.owner, case, story::submission())
        .await
        .unwrap();
    story.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_row_is_waited_for() {
    let story = Story::begin(Engine::Postgres).await;
    let case = story.draft(AccessLevel::Limited).await;
    let elsewhere = Database::open(&story.url, 1).await.unwrap();
    let lock = elsewhere.begin().await.unwrap();
    lock.execute_unprepared("SELECT 1 FROM cases FOR UPDATE")
        .await
        .unwrap();
    let submit = story.act(&story.cast.owner, case, story::submission());
    let releasing = async {
        // PostgreSQL itself says that the step waits for the row.
        let waits = "SELECT count(*) FROM pg_stat_activity \
                     WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let waits = Statement::from_string(DbBackend::Postgres, waits);
        loop {
            let found = story
                .desk
                .database
                .read()
                .query_one_raw(waits.clone())
                .await;
            if found.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap() > 0 {
                break;
            }
            tokio::task::yield_now().await;
        }
        lock.rollback().await.unwrap();
    };
    let (outcome, ()) = tokio::join!(submit, releasing);
    outcome.unwrap();
    story.assert_sound().await;
}
