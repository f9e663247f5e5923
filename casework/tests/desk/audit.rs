//! The trail: gapless under concurrency, refused changes by the database itself, and every
//! alteration found with the first bad sequence number.

use crate::support::*;
use casework::{
    audit::Fault,
    entities::{audit_events, audit_heads},
    verification::{Report, verify_chain},
};
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryOrder, Set};

async fn report(story: &Story) -> Report {
    verify_chain(&story.desk.database).await.unwrap()
}

async fn rows(story: &Story) -> Vec<audit_events::Model> {
    audit_events::Entity::find()
        .order_by_asc(audit_events::Column::Seq)
        .all(story.desk.database.read())
        .await
        .unwrap()
}

/// What someone who owns the database does before altering the trail.
async fn drop_triggers(story: &Story) {
    let statements: &[&str] = if story.is_postgres() {
        &["ALTER TABLE audit_events DISABLE TRIGGER USER"]
    } else {
        &[
            "DROP TRIGGER audit_no_update",
            "DROP TRIGGER audit_no_delete",
            "DROP TRIGGER audit_no_replace",
        ]
    };
    for statement in statements {
        story.sql(statement).await.unwrap();
    }
}

/// Writes a row over the one with its sequence number.
async fn overwrite(story: &Story, row: audit_events::Model) {
    row.into_active_model()
        .reset_all()
        .update(story.desk.database.write())
        .await
        .unwrap();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn events_written_at_the_same_time_get_one_gapless_sequence(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let mut cases = Vec::new();
    for _ in 0..8 {
        let app = story.app("Glow", &story.cast.owner).await;
        cases.push(
            story
                .draft_for(app, &story.cast.owner, AccessLevel::Limited)
                .await,
        );
    }
    let before = report(&story).await.events;
    let other = story.another_desk().await;
    let edits = (0..48).map(|round| {
        let desk = if round % 2 == 0 { &story.desk } else { &other };
        let action = Action::EditDraft {
            fields: vec![format!("field_{round}")],
        };
        story::act(desk, &story.cast.owner, cases[round % 8], action)
    });
    for outcome in join_all(edits).await {
        outcome.unwrap();
    }
    let report = report(&story).await;
    assert_eq!(report.fault, None);
    assert_eq!(report.events, before + 48);
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_refuses_to_change_the_trail(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    story.draft(AccessLevel::Limited).await;
    let before = rows(&story).await;
    let columns = "id, at, actor, subject, subject_id, case_id, case_version, name, body, reason, \
                   policy_version, build, prev_hash, hash";
    let mut statements = vec![
        "UPDATE audit_events SET reason = 'because'".to_owned(),
        "UPDATE audit_events SET at = at WHERE seq = 1".to_owned(),
        "DELETE FROM audit_events".to_owned(),
        "DELETE FROM audit_events WHERE seq = 1".to_owned(),
        format!(
            "INSERT INTO audit_events (seq, {columns}) SELECT seq, {columns} FROM audit_events \
             WHERE seq = 1 ON CONFLICT (seq) DO UPDATE SET reason = 'because'"
        ),
    ];
    if story.is_postgres() {
        statements.push("TRUNCATE audit_events".to_owned());
        statements.push(
            "SET session_replication_role = replica; DELETE FROM audit_events; \
             SET session_replication_role = origin"
                .to_owned(),
        );
    } else {
        statements.push(format!(
            "INSERT OR REPLACE INTO audit_events (seq, {columns}) \
             SELECT seq, {columns} FROM audit_events WHERE seq = 1"
        ));
        statements.push(format!(
            "REPLACE INTO audit_events (seq, {columns}) \
             SELECT 99, {columns} FROM audit_events WHERE seq = 1"
        ));
        statements.push("UPDATE OR REPLACE audit_events SET seq = 2 WHERE seq = 1".to_owned());
    }
    for statement in statements {
        let refused = story.sql(&statement).await.expect_err(&statement);
        assert!(
            refused.to_string().contains("append-only"),
            "{statement}: {refused}"
        );
        assert_eq!(rows(&story).await, before, "{statement}");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn each_altered_field_is_found_where_it_was_altered(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    type Alter = fn(&mut audit_events::Model);
    let story = Story::begin(engine).await;
    story
        .case_in(AccessLevel::Limited, StateKind::Decision)
        .await;
    drop_triggers(&story).await;
    let alterations: &[(&str, Alter)] = &[
        ("id", |row| row.id = new_id()),
        ("at", |row| row.at += 1),
        ("actor", |row| row.actor = "clock".to_owned()),
        ("subject", |row| row.subject.push('x')),
        ("subject_id", |row| row.subject_id.push('0')),
        ("case_id", |row| row.case_id = Some(new_id())),
        ("case_version", |row| row.case_version = Some(77)),
        ("name", |row| row.name = "approved".to_owned()),
        ("body", |row| row.body.push(' ')),
        ("reason", |row| row.reason.push('.')),
        ("policy_version", |row| row.policy_version += 1),
        ("build", |row| row.build.push('x')),
        ("prev_hash", |row| row.prev_hash = "0".repeat(64)),
        ("hash", |row| row.hash = "0".repeat(64)),
    ];
    let all = rows(&story).await;
    let last = all.len() - 1;
    for (field, alter) in alterations {
        for place in [1, all.len() / 2, last] {
            let mut row = all[place].clone();
            let seq = row.seq;
            alter(&mut row);
            overwrite(&story, row).await;
            let fault = report(&story).await.fault;
            let found = match fault {
                Some(Fault::Altered { seq } | Fault::Unchained { seq }) => seq,
                other => panic!("{field} of {seq}: {other:?}"),
            };
            assert_eq!(found, seq, "{field}");
            overwrite(&story, all[place].clone()).await;
        }
    }
    assert_eq!(report(&story).await.fault, None, "no false alarm");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn dropped_swapped_duplicated_and_truncated_events_are_found(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    story
        .case_in(AccessLevel::Limited, StateKind::Decision)
        .await;
    drop_triggers(&story).await;
    let all = rows(&story).await;
    let database = story.desk.database.write();
    let restore = async || {
        audit_events::Entity::delete_many()
            .exec(database)
            .await
            .unwrap();
        let rows = all
            .iter()
            .map(|row| row.clone().into_active_model().reset_all());
        audit_events::Entity::insert_many(rows)
            .exec_without_returning(database)
            .await
            .unwrap();
        assert_eq!(report(&story).await.fault, None);
    };
    let count = i64::try_from(all.len()).unwrap();

    story
        .sql("DELETE FROM audit_events WHERE seq = 4")
        .await
        .unwrap();
    assert_eq!(report(&story).await.fault, Some(Fault::Missing { seq: 4 }));
    restore().await;

    story
        .sql("DELETE FROM audit_events WHERE seq = 4")
        .await
        .unwrap();
    story
        .sql("UPDATE audit_events SET seq = -seq WHERE seq > 4")
        .await
        .unwrap();
    story
        .sql("UPDATE audit_events SET seq = -seq - 1 WHERE seq < 0")
        .await
        .unwrap();
    assert_eq!(
        report(&story).await.fault,
        Some(Fault::Unchained { seq: 4 })
    );
    restore().await;

    story
        .sql("UPDATE audit_events SET seq = -1 WHERE seq = 5")
        .await
        .unwrap();
    story
        .sql("UPDATE audit_events SET seq = 5 WHERE seq = 6")
        .await
        .unwrap();
    story
        .sql("UPDATE audit_events SET seq = 6 WHERE seq = -1")
        .await
        .unwrap();
    assert_eq!(
        report(&story).await.fault,
        Some(Fault::Unchained { seq: 5 })
    );
    restore().await;

    // The last event once more, behind the recorded end.
    let mut again = all.last().unwrap().clone();
    again.seq = count + 1;
    again.id = new_id();
    again
        .into_active_model()
        .reset_all()
        .insert(database)
        .await
        .unwrap();
    assert_eq!(
        report(&story).await.fault,
        Some(Fault::Beyond {
            seq: count + 1,
            recorded: count
        })
    );
    restore().await;

    story
        .sql(&format!(
            "DELETE FROM audit_events WHERE seq > {}",
            count - 3
        ))
        .await
        .unwrap();
    assert_eq!(
        report(&story).await.fault,
        Some(Fault::Truncated {
            seq: count - 3,
            recorded: count
        })
    );
    restore().await;

    story.sql("DELETE FROM audit_events").await.unwrap();
    assert_eq!(
        report(&story).await.fault,
        Some(Fault::Truncated {
            seq: 0,
            recorded: count
        })
    );
    restore().await;

    audit_heads::Entity::update(audit_heads::ActiveModel {
        id: Set(1),
        hash: Set("0".repeat(64)),
        ..Default::default()
    })
    .exec(database)
    .await
    .unwrap();
    assert_eq!(report(&story).await.fault, Some(Fault::Head { seq: count }));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_step_leaves_no_event(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story.case_in(AccessLevel::Limited, StateKind::Review).await;
    let before = rows(&story).await;
    let attempt = Action::PassTrack {
        track: Track::Commercial,
    };
    let refused = story.act(&story.cast.commercial, case, attempt).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    assert_eq!(rows(&story).await, before);
    let outbox = casework::entities::outbox::Entity::find();
    let mails = outbox
        .clone()
        .count(story.desk.database.read())
        .await
        .unwrap();
    let attempt = story::approve(AccessLevel::Limited);
    let refused = story.act(&story.cast.reviewer, case, attempt).await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })));
    assert_eq!(rows(&story).await, before);
    assert_eq!(
        outbox.count(story.desk.database.read()).await.unwrap(),
        mails
    );
}
