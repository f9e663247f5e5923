//! Everything that the trail binds: each column of each row, each file, each case's document. Altered
//! in the database itself, it is found; and nothing is found where nothing was altered.

mod altered;
mod unread;

use crate::guides::TEXT;
use crate::support::{
    rig::{Once, Original},
    *,
};
use casework::{
    audit::Fault,
    commands,
    entities::{
        attachments, audit_events, audit_heads, cases, gallery_versions, partner_signatures,
        signatures,
    },
    queries,
    queries::audit::TrailFilter,
    reports::{Format, Paper, export_case, export_trail},
    verification::{Report, verify},
};
use futures_util::TryStreamExt;
use object_store::{ObjectStoreExt, PutPayload, path::Path};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder, Set};
use std::collections::BTreeSet;
use std::process::Command;
use trail::{Draft, Head};

/// The demo's desk: every kind of row, made by the steps that people take. It is made once for each
/// engine, and each test has a copy.
async fn filled(engine: Engine) -> Rig {
    static MADE: Once<Original> = Once::new();
    let made = async || demo(engine).await.into_original().await;
    MADE.of(engine, made).await.copy().await
}

async fn demo(engine: Engine) -> Rig {
    let rig = Rig::of_the_demo(engine).await;
    let admin = story::person(&rig, "ada", &[Role::Admin]).await;
    let views = queries::admin_settings::admin_settings(&rig.desk, &admin)
        .await
        .unwrap();
    let cap = views.iter().find(|view| view.setting.key == "limited_cap");
    let seen = &cap.unwrap().seen;
    commands::set_setting(
        &rig.desk,
        &admin,
        "limited_cap",
        "25",
        "",
        "A larger pilot",
        seen,
    )
    .await
    .unwrap();
    for version in 0..3 {
        let text = format!("{TEXT}\nVersion {version}.\n");
        commands::publish_guide(&rig.desk, &admin, "sandbox", &text, version)
            .await
            .unwrap();
    }
    rig
}

async fn look(rig: &Rig) -> Report {
    verify(&rig.desk.database, Some(rig.desk.storage.as_ref()))
        .await
        .unwrap()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_row_added_is_found(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let rig = filled(engine).await;
    let mut forged = a_signature(&rig).await;
    forged.id = new_id();
    let row = forged.clone().into_active_model().reset_all();
    row.insert(rig.desk.database.write()).await.unwrap();
    match look(&rig).await.fault.unwrap() {
        Fault::Forged { record } => assert!(record.contains(&forged.id.to_string())),
        other => panic!("{other}"),
    }
}

async fn a_signature(rig: &Rig) -> signatures::Model {
    signatures::Entity::find()
        .one(rig.desk.database.read())
        .await
        .unwrap()
        .unwrap()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_signature_rewritten_together_with_its_hash_is_found(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = filled(engine).await;
    let row = a_signature(&rig).await;
    let forged = "I have read nothing and sign all the same.";
    let payload = row.payload.replace(&row.meaning, forged);
    assert_ne!(payload, row.payload);
    let rewritten = signatures::Model {
        meaning: forged.to_owned(),
        payload_sha256: trail::sha256(&payload),
        payload,
        ..row
    };
    assert!(casework::signatures::holds(&rewritten), "whole in itself");
    let id = rewritten.id;
    let rewritten = rewritten.into_active_model().reset_all();
    rewritten.update(rig.desk.database.write()).await.unwrap();
    let found = look(&rig).await.fault.unwrap();
    assert!(found.seq().is_some());
    assert!(
        found.to_string().contains(&format!("signature {id}")),
        "{found}"
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_case_document_that_its_history_does_not_give_is_found(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = filled(engine).await;
    let database = rig.desk.database.write();
    for (from, to) in [
        ("\"round\":1", "\"round\":2"),
        ("{\"id\"", "{\"extra\":1,\"id\""),
    ] {
        let row = cases::Entity::find()
            .order_by_asc(cases::Column::Number)
            .one(database)
            .await
            .unwrap()
            .unwrap();
        let altered = row.document.replacen(from, to, 1);
        assert_ne!(altered, row.document, "{from}");
        let set = async |document: String| {
            let mut row = row.clone().into_active_model();
            row.document = Set(document);
            row.update(database).await.unwrap();
        };
        set(altered).await;
        let found = look(&rig).await.fault.unwrap().to_string();
        assert!(
            found.contains(&format!("case UD-{}", row.number)),
            "{found}"
        );
        assert!(found.contains("document"), "{found}");
        set(row.document.clone()).await;
    }
    assert_eq!(look(&rig).await.fault, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_altered_and_a_missing_file_are_found() {
    let rig = filled(Engine::Sqlite).await;
    let file = attachments::Entity::find()
        .one(rig.desk.database.read())
        .await
        .unwrap()
        .unwrap();
    let path = Path::from(file.storage_key.as_str());
    let store = &rig.desk.storage;
    let bytes = store.get(&path).await.unwrap().bytes().await.unwrap();
    let mut altered = bytes.to_vec();
    altered[0] ^= 1;
    store.put(&path, PutPayload::from(altered)).await.unwrap();
    let found = look(&rig).await.fault.unwrap().to_string();
    assert!(found.contains("bytes have been altered"), "{found}");
    assert!(found.contains(&file.id.to_string()), "{found}");
    store.delete(&path).await.unwrap();
    let found = look(&rig).await.fault.unwrap().to_string();
    assert!(found.contains("a file that is missing"), "{found}");
    let without = verify(&rig.desk.database, None).await.unwrap();
    assert_eq!((without.fault, without.files), (None, 0));
    assert!(without.unread > 0, "it is said that files were not read");
}

/// The trail as it was before events carried the hashes of rows, chained anew.
async fn as_before_rows_were_bound(rig: &Rig) {
    let database = rig.desk.database.write();
    for statement in if rig.is_postgres() {
        vec!["ALTER TABLE audit_events DISABLE TRIGGER USER"]
    } else {
        vec![
            "DROP TRIGGER audit_no_update",
            "DROP TRIGGER audit_no_delete",
            "DROP TRIGGER audit_no_replace",
        ]
    } {
        rig.sql(statement).await.unwrap();
    }
    let events = audit_events::Entity::find()
        .order_by_asc(audit_events::Column::Seq)
        .all(database)
        .await
        .unwrap();
    let mut head = Head::genesis();
    for row in events {
        let mut body: serde_json::Value = serde_json::from_str(&row.body).unwrap();
        body.as_object_mut().unwrap().remove("records");
        let event = head
            .link(Draft {
                id: row.id,
                at: row.at,
                actor: row.actor,
                subject: row.subject,
                subject_id: row.subject_id,
                case_id: row.case_id,
                case_version: row.case_version,
                name: row.name,
                body: trail::canonical(&body).unwrap(),
                reason: row.reason,
                policy_version: row.policy_version,
                build: row.build,
            })
            .unwrap();
        let row = audit_events::Model::from(event).into_active_model();
        row.reset_all().update(database).await.unwrap();
    }
    let row = audit_heads::ActiveModel {
        id: Set(1),
        seq: Set(head.seq),
        hash: Set(head.hash),
    };
    row.update(database).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_trail_is_sound_and_says_how_much_of_it_carries_no_hash() {
    let rig = filled(Engine::Sqlite).await;
    let new = look(&rig).await;
    as_before_rows_were_bound(&rig).await;
    let old = look(&rig).await;
    // What approvals signed was the hash of the trail as it was then.
    rig.sql("UPDATE submissions SET body = body || ' '")
        .await
        .unwrap();
    let altered = look(&rig).await;
    assert_eq!(old.unhashed, new.records);
    assert!(altered.fault.is_some(), "what its events say is compared");
}

/// Name, meaning and time of every signature (21 CFR 11.50), as the database, the CSV and the PDF
/// have them.
#[tokio::test(flavor = "multi_thread")]
async fn a_signature_is_the_same_in_every_copy() {
    let rig = filled(Engine::Sqlite).await;
    let cyril = story::person(&rig, "cyril", &[Role::Compliance]).await;
    let signed = a_signature(&rig).await;
    let case = cases::Entity::find_by_id(signed.case_id)
        .one(rig.desk.database.read())
        .await
        .unwrap()
        .unwrap();
    let number = CaseNumber(u32::try_from(case.number).unwrap());
    let copy = async |format| {
        let export = export_case(&rig.desk, &cyril, number, format)
            .await
            .unwrap();
        let pieces: Vec<Vec<u8>> = export.body.try_collect().await.unwrap();
        pieces.concat()
    };
    let csv = copy(Format::Csv).await;
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let names = reader.headers().unwrap().clone();
    let of = |record: &csv::StringRecord, name: &str| {
        let place = names.iter().position(|column| column == name).unwrap();
        record[place].to_owned()
    };
    let at = Timestamp::from_micros(signed.signed_at);
    let found = reader.records().map(Result::unwrap).any(|record| {
        of(&record, "signature_sha256") == signed.payload_sha256
            && of(&record, "signed_by") == signed.signer_name
            && of(&record, "signed_as") == signed.capacity
            && of(&record, "signature_meaning") == signed.meaning
            && of(&record, "signed_at") == at.to_string()
    });
    assert!(found, "the CSV has the signature beside its event");
    let whole = export_trail(&rig.desk, &cyril, &TrailFilter::default(), Format::Csv).await;
    let pieces: Vec<Vec<u8>> = whole.unwrap().body.try_collect().await.unwrap();
    let whole = pieces.concat();
    let mut of_partners: BTreeSet<String> = partner_signatures::Entity::find()
        .all(rig.desk.database.read())
        .await
        .unwrap()
        .into_iter()
        .map(|row| {
            format!(
                "{}, {}: {}",
                row.signer_name, row.capacity, row.payload_sha256
            )
        })
        .collect();
    assert!(of_partners.len() > 3);
    for record in csv::Reader::from_reader(whole.as_slice()).records() {
        let record = record.unwrap();
        let of = |name| of(&record, name);
        let (by, capacity, sha256) = (of("signed_by"), of("signed_as"), of("signature_sha256"));
        of_partners.remove(&format!("{by}, {capacity}: {sha256}"));
    }
    assert!(of_partners.is_empty(), "not in the CSV: {of_partners:?}");

    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("case.pdf");
    std::fs::write(&file, copy(Format::Pdf(Paper::A4)).await).unwrap();
    let output = Command::new("pdftotext")
        .args([file.to_str().unwrap(), "-"])
        .output()
        .expect("pdftotext is needed (Debian: poppler-utils)");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = words(&String::from_utf8_lossy(&output.stdout));
    let time = casework::words::moment_to_the_second(at);
    for said in [
        format!("{}, {}", signed.signer_name, signed.capacity),
        format!("{} · {time}", signed.meaning),
    ] {
        assert!(text.contains(&words(&said)), "{said} is not in {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_of_the_gallery_that_was_altered_or_lost_is_found() {
    let rig = filled(Engine::Sqlite).await;
    let versions = gallery_versions::Entity::find()
        .all(rig.desk.database.read())
        .await
        .unwrap();
    let images = rig.desk.storage.list(Some(&Path::from("gallery")));
    let images: Vec<_> = images.try_collect().await.unwrap();
    let shown = images.iter().find(|image| {
        let name = image.location.filename().unwrap_or_default();
        let hash = name.split('-').next().unwrap_or_default();
        versions.iter().any(|version| version.body.contains(hash))
    });
    let place = &shown.unwrap().location;
    let whole = rig.desk.storage.get(place).await.unwrap();
    let whole = whole.bytes().await.unwrap();

    let other = PutPayload::from_static(b"another picture");
    rig.desk.storage.put(place, other).await.unwrap();
    let altered = look(&rig).await;
    assert_eq!(altered.faults, 1, "{:?}", altered.found);
    assert!(
        altered.found[0]
            .to_string()
            .contains("bytes have been altered")
    );

    rig.desk.storage.delete(place).await.unwrap();
    let lost = look(&rig).await;
    assert_eq!(lost.faults, 1, "{:?}", lost.found);
    assert!(lost.found[0].to_string().contains("a file that is missing"));

    rig.desk.storage.put(place, whole.into()).await.unwrap();
    assert_eq!(look(&rig).await.fault, None);
}
