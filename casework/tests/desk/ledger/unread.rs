//! What cannot be read is a fault with its name, and everything else is looked at all the same.

use super::{filled, look};
use crate::support::{gate::Gate, *};
use casework::{
    Desk, Parts, SecondAdmin,
    audit::Fault,
    commands,
    database::Database,
    entities::{attachments, audit_events},
    verification::verify,
};
use futures_util::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt, local::LocalFileSystem};
use sea_orm::{EntityTrait, PaginatorTrait};
use std::{os::unix::fs::symlink, sync::Arc};
use trail::Wrong;

/// The columns of an event with a value of another kind for each; but for its number, which SQLite
/// itself keeps a number.
const OTHERWISE: [(&str, &str); 14] = [
    ("id", "CAST(id AS TEXT)"),
    ("at", "'abc'"),
    ("actor", "CAST(actor AS BLOB)"),
    ("subject", "CAST(subject AS BLOB)"),
    ("subject_id", "CAST(subject_id AS BLOB)"),
    ("case_id", "COALESCE(CAST(case_id AS TEXT), 'abc')"),
    ("case_version", "'abc'"),
    ("name", "CAST(name AS BLOB)"),
    ("body", "CAST(body AS BLOB)"),
    ("reason", "CAST(reason AS BLOB)"),
    ("policy_version", "'abc'"),
    ("build", "CAST(build AS BLOB)"),
    ("prev_hash", "CAST(prev_hash AS BLOB)"),
    ("hash", "CAST(hash AS BLOB)"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_column_of_an_event_that_holds_another_kind_is_named() {
    let rig = filled(Engine::Sqlite).await;
    let whole = look(&rig).await;
    for statement in [
        "DROP TRIGGER audit_no_update",
        "DROP TRIGGER audit_no_replace",
    ] {
        rig.sql(statement).await.unwrap();
    }
    for (seq, (column, value)) in (30..).step_by(7).zip(OTHERWISE) {
        let alter = format!("UPDATE audit_events SET {column} = {value} WHERE seq = {seq}");
        rig.sql(&alter).await.unwrap();
    }
    let report = look(&rig).await;
    for (seq, (column, _)) in (30..).step_by(7).zip(OTHERWISE) {
        let fault = Fault::Record {
            seq,
            record: "its row".to_owned(),
            wrong: Wrong::Column {
                column: column.to_owned(),
            },
        };
        assert!(
            report.found.contains(&fault),
            "{fault} of {:#?}",
            report.found
        );
    }
    assert_eq!(report.events, 29, "those before the first are sound");
    assert_eq!((report.cases, report.files > 0), (whole.cases, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_end_that_holds_another_kind_is_named() {
    for (column, value) in [("seq", "'abc'"), ("hash", "CAST(hash AS BLOB)")] {
        let rig = Rig::as_delivered(Engine::Sqlite).await;
        let whole = look(&rig).await;
        rig.sql(&format!("UPDATE audit_heads SET {column} = {value}"))
            .await
            .unwrap();
        let report = look(&rig).await;
        let fault = Fault::Unreadable {
            record: "audit_heads/1".to_owned(),
            column: column.to_owned(),
        };
        assert_eq!(report.found, [fault]);
        assert_eq!(report.events, whole.events, "the chain itself is walked");
    }
}

/// Every file of a desk as a file in a folder.
async fn in_folder(rig: &Rig, folder: &std::path::Path) -> Vec<attachments::Model> {
    let store = LocalFileSystem::new_with_prefix(folder).unwrap();
    let rows = attachments::Entity::find()
        .all(rig.desk.database.read())
        .await
        .unwrap();
    let files: Vec<_> = rig.desk.storage.list(None).try_collect().await.unwrap();
    for file in files {
        let found = rig.desk.storage.get(&file.location).await.unwrap();
        let bytes = found.bytes().await.unwrap();
        store.put(&file.location, bytes.into()).await.unwrap();
    }
    rows
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_is_named_and_the_others_are_read(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = filled(engine).await;
    let folder = tempfile::TempDir::new().unwrap();
    let rows = in_folder(&rig, folder.path()).await;
    let store = LocalFileSystem::new_with_prefix(folder.path()).unwrap();
    let whole = verify(&rig.desk.database, Some(&store)).await.unwrap();
    assert_eq!(whole.fault, None);
    assert!(whole.files > 1);
    let bad = rows.iter().find(|row| row.removed_at.is_none()).unwrap();
    let file = folder.path().join(&bad.storage_key);
    std::fs::remove_file(&file).unwrap();
    // A link to itself: there is something, and no byte of it can be read.
    symlink(&file, &file).unwrap();
    let report = verify(&rig.desk.database, Some(&store)).await.unwrap();
    // What was handed in again is one file of several rows.
    let of_it = rows.iter().filter(|row| row.storage_key == bad.storage_key);
    let of_it = u64::try_from(of_it.count()).unwrap();
    assert_eq!((report.faults, report.files), (of_it, whole.files));
    let fault = report.fault.unwrap().to_string();
    assert!(fault.contains(&bad.id.to_string()), "{fault}");
    assert!(fault.contains("a file that cannot be read"), "{fault}");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn while_files_are_read_nothing_of_the_database_is_held(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = filled(engine).await;
    let gate = Arc::new(Gate::before(Arc::clone(&rig.desk.storage)));
    let one_connection = Database::open(&rig.url, 1).await.unwrap();
    let looking = tokio::spawn({
        let (database, gate) = (one_connection.clone(), Arc::clone(&gate));
        async move { verify(&database, Some(gate.as_ref())).await }
    });
    gate.somebody_waits().await;
    let events = audit_events::Entity::find()
        .count(one_connection.read())
        .await
        .unwrap();
    assert!(events > 0, "the one connection is free");
    gate.open();
    assert_eq!(looking.await.unwrap().unwrap().fault, None);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_second_verification_at_the_same_time_is_refused_in_words(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = filled(engine).await;
    let cyril = story::person(&rig, "cyril", &[Role::Compliance]).await;
    let gate = Arc::new(Gate::before(Arc::clone(&rig.desk.storage)));
    let desk = Desk::open(Parts {
        database: rig.desk.database.clone(),
        clock: Arc::new(rig.clock.clone()),
        links: Arc::new(rig.links.clone()),
        storage: Arc::clone(&gate) as Arc<dyn ObjectStore>,
        base_url: rig.desk.base_url.clone(),
        secret: "known to the tests alone, 32 letters".to_owned(),
        second_admin: SecondAdmin::Needed,
        second_factor_for_staff: false,
        log: casework::log::Log::passing().unwrap(),
    })
    .await
    .unwrap();
    let first = tokio::spawn({
        let (desk, cyril) = (desk.clone(), cyril.clone());
        async move { commands::verify_trail(&desk, &cyril).await }
    });
    gate.somebody_waits().await;
    let refused = commands::verify_trail(&desk, &cyril).await.unwrap_err();
    assert!(matches!(refused, Error::Busy(_)), "{refused:?}");
    assert_eq!(refused.status(), 409);
    assert!(
        refused
            .to_string()
            .contains("being verified at this moment")
    );
    gate.open();
    assert_eq!(first.await.unwrap().unwrap().fault, None);
    commands::verify_trail(&desk, &cyril).await.unwrap();
}
