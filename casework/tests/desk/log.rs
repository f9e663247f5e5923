//! The published log: what an operator with the whole database can do to it, and what is found.

mod attacks;
mod given;
mod sealed;
mod signed;

use crate::support::{
    rig::{Once, Original},
    *,
};
use casework::{
    audit::{Entry, Subject, append, append_past},
    entities::{audit_events, audit_heads},
    log::{KeyFile, Keys, Log, Place, publish, tick},
    verification::{Report, verify_against},
};
use object_store::{ObjectStore, ObjectStoreExt, memory::InMemory, path::Path};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder};
use serde_json::json;
use std::sync::Arc;
use trail::{Event, Head, note::Verifier};

/// The events of the trails that are tampered with.
const EVENTS: i64 = 1_000;

/// The demo's desk with a trail of 1,000 events and more, its log published.
async fn published(engine: Engine) -> (Rig, Shelf) {
    static MADE: Once<Original> = Once::new();
    let made = async || {
        let rig = Rig::of_the_demo(engine).await;
        let transaction = rig.desk.database.begin().await.unwrap();
        let entries = (0..EVENTS).map(|nth| {
            let entry = Entry {
                actor: None,
                subject: Subject::Desk,
                name: "sign_in_failed",
                body: json!({ "address": "192.0.2.7", "nth": nth }),
                reason: String::new(),
            };
            (rig.desk.now(), entry)
        });
        append_past(&transaction, 1, entries.collect())
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        rig.into_original().await
    };
    let rig = MADE.of(engine, made).await.copy().await;
    let shelf = Shelf::of(rig).await;
    publish(&shelf.0.desk).await.unwrap();
    (shelf.0, shelf.1)
}

/// Where the log of a desk under test lies.
struct Shelf {
    published: Arc<InMemory>,
    second: Arc<InMemory>,
    keys: Keys,
}

impl Shelf {
    async fn of(rig: Rig) -> (Rig, Self) {
        let keys = rig.desk.log.keys.clone();
        let shelf = Self {
            published: Arc::default(),
            second: Arc::default(),
            keys,
        };
        let desk = shelf.desk_on(&rig).await;
        (rig.with(desk), shelf)
    }

    fn log(&self) -> Log {
        let second = Arc::clone(&self.second) as Arc<dyn ObjectStore>;
        Log::new(
            self.keys.clone(),
            Arc::clone(&self.published) as Arc<dyn ObjectStore>,
            Some(second),
        )
    }

    /// Another instance, on the same database and the same log.
    async fn desk_on(&self, rig: &Rig) -> Desk {
        let (storage, log) = (Arc::clone(&rig.desk.storage), self.log());
        rig.another_desk_of(|parts| casework::Parts {
            storage,
            log,
            ..parts
        })
        .await
    }

    fn verifiers(&self) -> Vec<Verifier> {
        self.keys.read().unwrap().verifiers()
    }

    fn places(&self) -> [Place; 2] {
        let place = |name: &str, store: &Arc<InMemory>| {
            Place::new(name, Arc::clone(store) as Arc<dyn ObjectStore>)
        };
        [
            place("the published log", &self.published),
            place("the second place", &self.second),
        ]
    }
}

async fn look(rig: &Rig, shelf: &Shelf) -> Report {
    let (places, keys) = (shelf.places(), shelf.verifiers());
    let store = Some(rig.desk.storage.as_ref());
    verify_against(&rig.desk.database, store, &places, &keys)
        .await
        .unwrap()
}

/// Something that is an event of the trail.
async fn happen(desk: &Desk) {
    let entry = Entry {
        actor: None,
        subject: Subject::Desk,
        name: "sign_in_failed",
        body: json!({ "address": "192.0.2.8" }),
        reason: String::new(),
    };
    let transaction = desk.database.begin().await.unwrap();
    let entries = vec![entry];
    append(&transaction, desk.now(), 1, entries).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn events(rig: &Rig) -> Vec<Event> {
    let rows = audit_events::Entity::find()
        .order_by_asc(audit_events::Column::Seq)
        .all(rig.desk.database.read())
        .await
        .unwrap();
    rows.into_iter().map(Event::from).collect()
}

/// Takes the guards away, as somebody does who owns the database.
async fn unguard(rig: &Rig) {
    let triggers: &[&str] = match rig.is_postgres() {
        true => &[
            "DROP TRIGGER audit_no_change ON audit_events",
            "DROP TRIGGER audit_no_truncate ON audit_events",
        ],
        false => &[
            "DROP TRIGGER audit_no_update",
            "DROP TRIGGER audit_no_delete",
            "DROP TRIGGER audit_no_replace",
        ],
    };
    for statement in triggers {
        rig.sql(statement).await.unwrap();
    }
}

/// Writes the whole trail anew, each event chained to the one before, with its end: consistent in
/// itself.
async fn rewrite(rig: &Rig, mut events: Vec<Event>) {
    unguard(rig).await;
    rig.sql("DELETE FROM audit_events").await.unwrap();
    rig.sql("DELETE FROM audit_heads").await.unwrap();
    let mut head = Head::genesis();
    for (event, seq) in events.iter_mut().zip(1..) {
        event.seq = seq;
        event.prev_hash.clone_from(&head.hash);
        event.hash = event.leaf_hash().unwrap();
        head = Head {
            seq: event.seq,
            hash: event.hash.clone(),
        };
    }
    let rows = events.into_iter().map(audit_events::Model::from);
    let rows: Vec<_> = rows
        .map(|row| row.into_active_model().reset_all())
        .collect();
    for rows in rows.chunks(500) {
        audit_events::Entity::insert_many(rows.to_vec())
            .exec_without_returning(rig.desk.database.write())
            .await
            .unwrap();
    }
    let head = audit_heads::Model {
        id: 1,
        seq: head.seq,
        hash: head.hash,
    };
    audit_heads::Entity::insert(head.into_active_model().reset_all())
        .exec_without_returning(rig.desk.database.write())
        .await
        .unwrap();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn two_instances_publish_one_log_and_nothing_is_found(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (rig, shelf) = published(engine).await;
    let report = look(&rig, &shelf).await;
    assert_eq!((report.fault, report.checkpoints), (None, 2));
    let other = shelf.desk_on(&rig).await;
    for _ in 0..3 {
        happen(&rig.desk).await;
        let (one, two) = tokio::join!(tick(&rig.desk, false), tick(&other, true));
        one.unwrap();
        two.unwrap();
    }
    assert_eq!(other.sealed_by(), []);
    let report = look(&rig, &shelf).await;
    assert_eq!((report.fault, report.faults), (None, 0));
    let events = u64::try_from(report.events).unwrap();
    let newest = publish(&other).await.unwrap().unwrap().1;
    assert_eq!(newest.size, events);
    assert!(report.checkpoints >= 2 * 3);
}

/// A backup is restored while nothing has happened since; keys follow each other.
#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_and_a_new_key_are_no_alarm() {
    let (rig, _) = published(Engine::Sqlite).await;
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("key");
    KeyFile::open(&path, "desk.example/audit").unwrap();
    let shelf = Shelf {
        published: Arc::default(),
        second: Arc::default(),
        keys: Keys::File(path.clone()),
    };
    let desk = shelf.desk_on(&rig).await;
    let rig = rig.with(desk);
    let again = async || {
        happen(&rig.desk).await;
        publish(&rig.desk).await.unwrap().unwrap().0
    };
    let first = again().await;
    KeyFile::rotate(&path).unwrap();
    let both = again().await;
    KeyFile::retire(&path).unwrap();
    let last = again().await;
    let keys = shelf.verifiers();
    assert_eq!(keys.len(), 2);
    let (new, old) = (&keys[0], &keys[1]);
    assert_eq!(first.signed_by(&keys).unwrap(), [old]);
    assert_eq!(both.signed_by(&keys).unwrap(), [new, old]);
    assert_eq!(last.signed_by(&keys).unwrap(), [new]);
    assert_eq!(look(&rig, &shelf).await.fault, None);
    // A backup is of all that was written.
    rig.sql("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    let restored = rig.into_original().await.copy().await;
    assert_eq!(look(&restored, &shelf).await.fault, None);
    assert_eq!(look(&restored, &shelf).await.checkpoints, 2 * 3);
}

#[test]
fn the_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("audit").join("key");
    let made = KeyFile::open(&path, "desk.example/audit").unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = KeyFile::open(&path, "another.example/audit").unwrap();
    assert_eq!(again.verifiers(), made.verifiers());
    assert_eq!(again.name(), "desk.example/audit");
    let open = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(&path, open).unwrap();
    let refused = KeyFile::open(&path, "desk.example/audit").unwrap_err();
    assert!(refused.to_string().contains("chmod 600"), "{refused}");
}

async fn put(store: &InMemory, path: &str, bytes: Vec<u8>) {
    store.put(&Path::from(path), bytes.into()).await.unwrap();
}

async fn get(store: &InMemory, path: &str) -> Vec<u8> {
    let found = store.get(&Path::from(path)).await.unwrap();
    found.bytes().await.unwrap().to_vec()
}
