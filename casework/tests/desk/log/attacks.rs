//! One attack each on a copy of a trail of 1,000 events and more, by somebody with the whole
//! database; each is found, by its class, with the number of the first event concerned.

use super::*;
use futures_util::TryStreamExt;
use trail::{
    Fault,
    checkpoint::Checkpoint,
    note::{Note, Signer},
};

/// The first fault's number and class.
async fn found(rig: &Rig, shelf: &Shelf) -> (Option<i64>, &'static str) {
    let fault = look(rig, shelf).await.fault.unwrap();
    (fault.seq(), fault.class())
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn last_events_deleted_with_the_end_moved(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (rig, shelf) = published(engine).await;
    let mut events = events(&rig).await;
    assert!(events.len() > 1_000);
    let last = i64::try_from(events.len()).unwrap();
    events.truncate(events.len() - 3);
    rewrite(&rig, events).await;
    assert_eq!(found(&rig, &shelf).await, (Some(last - 2), "rolled back"));
    tick(&rig.desk, false).await.unwrap();
    assert!(!rig.desk.sealed_by().is_empty(), "nothing is signed on it");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn everything_deleted(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (rig, shelf) = published(engine).await;
    unguard(&rig).await;
    for statement in ["DELETE FROM audit_events", "DELETE FROM audit_heads"] {
        rig.sql(statement).await.unwrap();
    }
    assert_eq!(found(&rig, &shelf).await, (Some(1), "rolled back"));
    // The published log as well: the second place still has it.
    let (places, keys) = (shelf.places(), shelf.verifiers());
    let [_, second] = places;
    let report = verify_against(&rig.desk.database, None, &[second], &keys)
        .await
        .unwrap();
    let fault = report.fault.unwrap();
    assert_eq!((fault.seq(), fault.class()), (Some(1), "rolled back"));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_consistent_trail_with_another_approver(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (rig, shelf) = published(engine).await;
    let mut events = events(&rig).await;
    let other = new_id().to_string();
    let approved = events
        .iter_mut()
        .find(|event| event.name == "approved")
        .unwrap();
    let seq = approved.seq;
    let was = std::mem::replace(&mut approved.actor, other.clone());
    approved.body = approved.body.replace(&was, &other);
    rewrite(&rig, events).await;
    let report = look(&rig, &shelf).await;
    assert!(
        report.found.contains(&Fault::Forked { seq }),
        "{:?}",
        report.fault
    );
    assert_eq!(report.fault.unwrap().seq(), Some(seq));
    // The chain by itself is whole: without the log nobody could tell.
    let alone = casework::verification::verify_chain(&rig.desk.database)
        .await
        .unwrap();
    assert_eq!(alone.fault, None);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn each_field_of_an_event_in_a_trail_that_is_consistent_again(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    type Alter = fn(&mut Event);
    const FIELDS: [(&str, Alter); 9] = [
        ("id", |event| event.id = new_id()),
        ("at", |event| event.at += 1),
        ("actor", |event| event.actor = "clock".to_owned()),
        ("subject", |event| event.subject = "person".to_owned()),
        ("subject_id", |event| event.subject_id.push('0')),
        ("name", |event| event.name = "signed_in".to_owned()),
        ("body", |event| event.body = "{}".to_owned()),
        ("reason", |event| event.reason.push('.')),
        ("build", |event| event.build.push('x')),
    ];
    let (rig, shelf) = published(engine).await;
    let whole = events(&rig).await;
    // Of the desk, so that no case is concerned; far from the ends of tiles and at them.
    let last = i64::try_from(whole.len()).unwrap();
    for ((field, alter), nth) in FIELDS
        .into_iter()
        .zip([0, 1, 2, 255, 256, 257, 511, 512, 700])
    {
        let seq = last - nth;
        let mut altered = whole.clone();
        alter(&mut altered[usize::try_from(seq - 1).unwrap()]);
        rewrite(&rig, altered).await;
        assert_eq!(found(&rig, &shelf).await, (Some(seq), "forked"), "{field}");
        guard_again(&rig).await;
    }
}

/// So that they can be taken away once more.
pub(super) async fn guard_again(rig: &Rig) {
    let again: &[&str] = match rig.is_postgres() {
        true => &[
            "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit_events \
             FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
            "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_events \
             FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
        ],
        false => &[
            "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_events BEGIN SELECT 1; END",
            "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_events BEGIN SELECT 1; END",
            "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit_events BEGIN SELECT 1; END",
        ],
    };
    for statement in again {
        rig.sql(statement).await.unwrap();
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn events_dropped_swapped_and_doubled_in_a_trail_that_is_consistent_again(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let (rig, shelf) = published(engine).await;
    let whole = events(&rig).await;
    let at = whole.len() - 400;
    let seq = whole[at].seq;
    let mut dropped = whole.clone();
    dropped.remove(at);
    let mut swapped = whole.clone();
    swapped.swap(at, at + 7);
    let mut doubled = whole;
    let mut again = doubled[at].clone();
    again.id = new_id();
    doubled.insert(at, again);
    for (what, events) in [
        ("dropped", dropped),
        ("swapped", swapped),
        ("doubled", doubled),
    ] {
        rewrite(&rig, events).await;
        assert_eq!(found(&rig, &shelf).await, (Some(seq), "forked"), "{what}");
        guard_again(&rig).await;
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_old_copy_restored(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let (rig, shelf) = published(engine).await;
    let (old, _) = published(engine).await;
    let before = look(&old, &shelf_without(&shelf)).await.events;
    happen(&rig.desk).await;
    publish(&rig.desk).await.unwrap();
    assert_eq!(look(&rig, &shelf).await.fault, None);
    assert_eq!(found(&old, &shelf).await, (Some(before + 1), "rolled back"));
}

/// Nothing to be held against.
fn shelf_without(shelf: &Shelf) -> Shelf {
    Shelf {
        published: Arc::default(),
        second: Arc::default(),
        keys: shelf.keys.clone(),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn one_event_altered_deleted_or_moved_without_more(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    type Statement = fn(usize) -> String;
    const STATEMENTS: [(Statement, &str); 3] = [
        (
            |seq| format!("UPDATE audit_events SET at = at + 1 WHERE seq = {seq}"),
            "altered",
        ),
        (
            |seq| format!("DELETE FROM audit_events WHERE seq = {seq}"),
            "missing",
        ),
        (
            |seq| format!("UPDATE audit_heads SET seq = {seq}"),
            "altered",
        ),
    ];
    for (statement, class) in STATEMENTS {
        let (rig, shelf) = published(engine).await;
        let seq = events(&rig).await.len() - 300;
        unguard(&rig).await;
        rig.sql(&statement(seq)).await.unwrap();
        let expected = i64::try_from(seq).unwrap();
        assert_eq!(found(&rig, &shelf).await, (Some(expected), class));
    }
}

/// Somebody who can write to the published log, and has no key.
#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_signed_by_somebody_else_and_an_altered_tile() {
    let (rig, shelf) = published(Engine::Sqlite).await;
    let note = get(&shelf.published, "checkpoint").await;
    let note = Note::parse(&String::from_utf8(note).unwrap()).unwrap();
    let checkpoint = Checkpoint::open(&note, &shelf.verifiers()).unwrap();
    let stranger = Signer::from_seed(&checkpoint.origin, [3; 32]).unwrap();
    let forged = checkpoint.sign([&stranger]).unwrap().to_string();
    put(&shelf.published, "checkpoint", forged.into_bytes()).await;
    let fault = look(&rig, &shelf).await.fault.unwrap();
    assert_eq!(fault.class(), "forged signature", "{fault}");
    assert!(
        fault
            .to_string()
            .contains("checkpoint in the published log"),
        "{fault}"
    );
    put(
        &shelf.published,
        "checkpoint",
        note.to_string().into_bytes(),
    )
    .await;
    assert_eq!(look(&rig, &shelf).await.fault, None);

    let mut tile = get(&shelf.published, "tile/0/001").await;
    tile[77] ^= 1;
    put(&shelf.published, "tile/0/001", tile).await;
    let fault = look(&rig, &shelf).await.fault.unwrap();
    assert_eq!(fault.class(), "altered");
    assert!(
        fault.to_string().contains("tile in the published log"),
        "{fault}"
    );
}

/// The database is written anew, and so are the tiles: the signed root fits neither.
#[tokio::test(flavor = "multi_thread")]
async fn database_and_tiles_written_anew_together() {
    let (rig, shelf) = published(Engine::Sqlite).await;
    let mut altered = events(&rig).await;
    altered[700].reason.push('!');
    rewrite(&rig, altered).await;
    let forged = shelf_without(&shelf);
    let desk = forged.desk_on(&rig).await;
    publish(&desk).await.unwrap();
    let tiles = forged.published.list(Some(&Path::from("tile")));
    let tiles: Vec<_> = tiles.try_collect().await.unwrap();
    for tile in tiles {
        let path = tile.location.to_string();
        let bytes = get(&forged.published, &path).await;
        put(&shelf.published, &path, bytes).await;
    }
    let report = look(&rig, &shelf).await;
    // The second place tells which event it is; the published one that its tiles are forged.
    assert_eq!(report.fault.as_ref().unwrap().class(), "forked");
    assert!(
        report.found.contains(&Fault::Forked { seq: 701 }),
        "{:?}",
        report.found
    );
}
