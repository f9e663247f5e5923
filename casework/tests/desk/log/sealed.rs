//! A desk whose trail is not what it was reads and does not write, says why, and writes again once
//! it is.

use super::*;
use crate::support::story::*;
use casework::{Part, accounts::Origin, log::look as look_at, queries};
use trail::Fault;

fn is_told(desk: &Desk) -> bool {
    let all = desk.conditions.list();
    all.iter()
        .any(|one| one.part == Part::Records && one.part.is_grave())
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn without_its_guards_a_desk_writes_nothing_and_reads_on(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Decision)
        .await;
    look_at(&story.rig.desk, true).await.unwrap();
    assert_eq!(story.rig.desk.sealed_by(), []);
    unguard(&story.rig).await;
    look_at(&story.rig.desk, false).await.unwrap();
    let missing = story.rig.desk.sealed_by();
    assert_eq!(missing.len(), if story.rig.is_postgres() { 2 } else { 3 });
    assert!(
        missing
            .iter()
            .all(|fault| matches!(fault, Fault::Guard { .. }))
    );
    assert!(is_told(&story.rig.desk), "readiness is red");

    let before = events(&story.rig).await.len();
    let refused = story
        .act(&story.cast.approver, case, approve(AccessLevel::Limited))
        .await;
    let refused = refused.unwrap_err();
    assert!(matches!(refused, Error::Sealed), "{refused:?}");
    assert_eq!(refused.status(), 503);
    queries::application(&story.rig.desk, &story.cast.owner, case)
        .await
        .unwrap();
    let origin = Origin {
        address: "192.0.2.1".to_owned(),
        ..Origin::default()
    };
    let secret = casework::accounts::sign_in_for_demo(&story.rig.desk, "olga", &origin).await;
    assert!(!secret.unwrap().is_empty(), "who wants to read can sign in");
    assert_eq!(
        events(&story.rig).await.len(),
        before,
        "nothing is appended"
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn on_a_broken_chain_a_desk_writes_nothing_until_it_is_whole_again(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story.draft(AccessLevel::Limited).await;
    tick(&story.rig.desk, true).await.unwrap();
    let set = async |reason: &str| {
        let on = |word: &str| match story.rig.is_postgres() {
            true => format!("ALTER TABLE audit_events {word} TRIGGER audit_no_change"),
            false => match word {
                "DISABLE" => "DROP TRIGGER audit_no_update".to_owned(),
                _ => "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_events \
                      BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
                    .to_owned(),
            },
        };
        story.rig.sql(&on("DISABLE")).await.unwrap();
        let update = format!("UPDATE audit_events SET reason = '{reason}' WHERE seq = 3");
        story.rig.sql(&update).await.unwrap();
        story.rig.sql(&on("ENABLE ALWAYS")).await.unwrap();
        look_at(&story.rig.desk, false).await.unwrap();
    };
    let was = events(&story.rig).await[2].reason.clone();
    set("forged").await;
    assert_eq!(story.rig.desk.sealed_by(), [Fault::Altered { seq: 3 }]);
    let refused = story.act(&story.cast.owner, case, submission()).await;
    assert!(matches!(refused, Err(Error::Sealed)));
    set(&was).await;
    assert_eq!(story.rig.desk.sealed_by(), []);
    assert!(!is_told(&story.rig.desk));
    story
        .act(&story.cast.owner, case, submission())
        .await
        .unwrap();
}

/// A desk that is started on an older copy of its database than its log knows.
#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_is_behind_its_log_does_not_write() {
    let (rig, shelf) = published(Engine::Sqlite).await;
    let (old, _) = published(Engine::Sqlite).await;
    happen(&rig.desk).await;
    publish(&rig.desk).await.unwrap();
    let restored = shelf.desk_on(&old).await;
    look_at(&restored, false).await.unwrap();
    let [Fault::RolledBack { seq, anchored }] = restored.sealed_by()[..] else {
        panic!("{:?}", restored.sealed_by());
    };
    assert!(seq <= anchored);
    look_at(&rig.desk, false).await.unwrap();
    assert_eq!(rig.desk.sealed_by(), []);
}
