//! Signatures by passkeys: given, refused, and forged by somebody with the whole database.

use super::{attacks::guard_again, *};
use crate::support::{
    passkey::{Authenticator, BROWSER, ORIGIN, asks, signs},
    story::*,
};
use casework::{
    Parts, accounts,
    commands::{self, Signing, passkey_to_make},
    entities::{agreements, signatures},
    log::receipt,
    reference::DLA,
    reports::{Format, export_case},
    signatures::holds,
};
use sea_orm::Set;
use std::collections::BTreeSet;
use time::Duration;
use trail::{
    Fault, Hash,
    checkpoint::Checkpoint,
    note::Signer,
    receipt::{Flaw, Proof, Receipt, Row},
    record,
};

/// A desk that is called by a name, with people who have passkeys.
struct Named {
    story: Story,
    desk: Desk,
    approver: Authenticator,
    owner: Authenticator,
}

impl Named {
    async fn open(engine: Engine) -> Self {
        let story = Story::begin(engine).await;
        publish_agreement(&story.rig.desk).await;
        let called = |parts: Parts| Parts {
            base_url: ORIGIN.parse().unwrap(),
            ..parts
        };
        let desk = story.rig.another_desk_of(called).await;
        let approver = add(&desk, &story.cast.approver).await;
        let owner = add(&desk, &story.cast.owner).await;
        Self {
            story,
            desk,
            approver,
            owner,
        }
    }

    /// A case that an approver has approved with a passkey, its agreement accepted with another; answers
    /// both signatures, the agreement's first.
    async fn signed(&mut self) -> (CaseNumber, [signatures::Model; 2]) {
        let case = self
            .story
            .case_in(AccessLevel::Limited, StateKind::Agreement)
            .await;
        let (owner, approver) = (&self.story.cast.owner, &self.story.cast.approver);
        let envelope = looked(&self.desk, case).await;
        let signing = Signing {
            version: 1,
            capacity: "Managing director".to_owned(),
            consent: true,
        };
        let accept =
            async |desk: &Desk| commands::accept_dla(desk, owner, &envelope, &signing, "").await;
        signs(&self.desk, owner, &mut self.owner, accept)
            .await
            .unwrap();
        let envelope = looked(&self.desk, case).await;
        let approve =
            async |desk: &Desk| commands::approve(desk, approver, &envelope, "", "").await;
        signs(&self.desk, approver, &mut self.approver, approve)
            .await
            .unwrap();
        let both = signatures::Entity::find()
            .order_by_asc(signatures::Column::SignedAt)
            .all(self.desk.database.read())
            .await
            .unwrap();
        (case, both.try_into().unwrap())
    }
}

/// The agreement that is signed, version 1.
async fn publish_agreement(desk: &Desk) {
    let (now, body) = (desk.now(), "You keep what you read to yourself.".to_owned());
    let sha256 = trail::sha256(&body);
    let transaction = desk.database.begin().await.unwrap();
    let entry = Entry {
        actor: None,
        subject: Subject::Desk,
        name: "agreement_published",
        body: json!({ "kind": DLA, "after": { "version": 1, "sha256": sha256 } }),
        reason: String::new(),
    };
    agreements::ActiveModel {
        kind: Set(DLA.to_owned()),
        version: Set(1),
        title: Set("Data Licensing Agreement".to_owned()),
        body: Set(body),
        sha256: Set(sha256),
        published_at: Set(now.micros()),
        published_by: Set(None),
    }
    .insert(&transaction)
    .await
    .unwrap();
    append(&transaction, now, 1, vec![entry]).await.unwrap();
    transaction.commit().await.unwrap();
}

/// Adds a passkey to somebody's account.
async fn add(desk: &Desk, who: &Caller) -> Authenticator {
    let secret = commands::begin_passkey(desk, who, "A key", PASSWORD, BROWSER)
        .await
        .unwrap();
    let made = passkey_to_make(desk, who, &secret, BROWSER).await.unwrap();
    let (key, answer) = Authenticator::make(&made.unwrap().0);
    commands::add_passkey(desk, who, &secret, &answer, BROWSER)
        .await
        .unwrap();
    key
}

fn fields<T: std::fmt::Debug>(outcome: casework::Result<T>) -> Vec<String> {
    let error = outcome.unwrap_err();
    let problems = error.problems().iter();
    problems.map(|problem| problem.field.clone()).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_signature_by_passkey_proves_itself_in_the_database_and_in_its_receipt(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let mut named = Named::open(engine).await;
    let (case, both) = named.signed().await;
    let cast = &named.story.cast;
    for (row, who) in both.iter().zip([&cast.owner, &cast.approver]) {
        assert_eq!(row.person_id, who.person.0);
        assert_eq!(row.method.as_deref(), Some("passkey"));
        assert!(holds(row));
        let client: serde_json::Value =
            serde_json::from_str(row.client_data.as_deref().unwrap()).unwrap();
        assert_eq!(client["challenge"], trail::passkey::challenge(&row.payload));
    }
    named.story.assert_sound().await;
    let keys = named.desk.log.keys.read().unwrap().verifiers();
    let all = events(&named.story.rig).await;
    for (name, who) in [
        ("dla_accepted", &cast.owner),
        ("approved", &cast.compliance),
    ] {
        let seq = all.iter().find(|event| event.name == name).unwrap().seq;
        let (_, text) = receipt(&named.desk, who, case, seq).await.unwrap();
        let given = Receipt::parse(&text).unwrap();
        given.verify(Some(&keys)).unwrap();
        let signature = given.rows.iter().find(|row| row.table() == "signatures");
        assert_eq!(signature.unwrap().text("method"), "passkey");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_to_sign_is_answered_once_in_time_by_whom_it_was_given_to_for_what_it_was_given(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let mut named = Named::open(engine).await;
    let case = named
        .story
        .case_in(AccessLevel::Limited, StateKind::Decision)
        .await;
    let (desk, cast) = (&named.desk, &named.story.cast);
    let approver = &cast.approver;
    let key = &mut named.approver;
    let envelope = looked(desk, case).await;
    let approve = async |desk: &Desk| commands::approve(desk, approver, &envelope, "", "").await;

    // A session alone signs nothing, and another's passkey nothing of hers.
    assert_eq!(fields(approve(desk).await), ["password"]);
    let (secret, options) = asks(desk, approver, approve).await;
    let answer = key.use_for(&options);
    for (who, browser) in [(approver, "another browser"), (&cast.lead, BROWSER)] {
        let refused = accounts::answered(desk, who, &secret, &answer, browser).await;
        assert_eq!(fields(refused.map(|_| ())), ["credential"]);
    }
    let (secret, options) = asks(desk, approver, approve).await;
    let strange = named.owner.use_for(&options);
    let refused = accounts::answered(desk, approver, &secret, &strange, BROWSER).await;
    assert_eq!(fields(refused.map(|_| ())), ["credential"]);

    // Once, and within five minutes.
    let (secret, options) = asks(desk, approver, approve).await;
    let answer = key.use_for(&options);
    named.story.rig.clock.pass(Duration::minutes(5));
    let late = accounts::answered(desk, approver, &secret, &answer, BROWSER).await;
    assert_eq!(fields(late.map(|_| ())), ["credential"]);
    let (secret, options) = asks(desk, approver, approve).await;
    let answer = key.use_for(&options);
    let (_, signed) = accounts::answered(desk, approver, &secret, &answer, BROWSER)
        .await
        .unwrap();
    let again = accounts::answered(desk, approver, &secret, &answer, BROWSER).await;
    assert_eq!(fields(again.map(|_| ())), ["credential"]);

    // The signature fits one person and one text.
    let other = commands::approve(&signed, &cast.lead, &envelope, "", "").await;
    assert!(other.is_err(), "{other:?}");
    let decision = commands::Decline {
        reason: Some(workflow::event::DeclineReason::UseCase),
        text: "No.".to_owned(),
    };
    let other = commands::decline(&signed, approver, &envelope, decision, "").await;
    assert!(matches!(other, Err(Error::Conflict { .. })), "{other:?}");
    export_case(desk, &cast.compliance, case, Format::Csv)
        .await
        .unwrap();
    let stale = approve(&signed).await;
    assert!(matches!(stale, Err(Error::Conflict { .. })), "{stale:?}");
    let all = signatures::Entity::find().all(desk.database.read()).await;
    let of_approver = |row: &signatures::Model| row.person_id == approver.person.0;
    assert!(!all.unwrap().iter().any(of_approver));

    // What did not fit stands in the trail: another person's answer, and another's passkey.
    let failed = events(&named.story.rig).await;
    let failed = failed.iter().filter(|event| event.name == "signing_failed");
    assert_eq!(failed.count(), 2);
}

/// Of a synced passkey each device counts for itself: whatever its counter says, it signs. That of one
/// device that stands still is refused once, and locks nobody out.
#[tokio::test(flavor = "multi_thread")]
async fn no_counter_locks_anybody_out() {
    let mut named = Named::open(Engine::Sqlite).await;
    let case = named
        .story
        .case_in(AccessLevel::Limited, StateKind::Decision)
        .await;
    let approver = &named.story.cast.approver;
    let envelope = looked(&named.desk, case).await;
    let approve = async |desk: &Desk| commands::approve(desk, approver, &envelope, "", "").await;
    let (secret, options) = asks(&named.desk, approver, approve).await;
    named.approver.counter = 0;
    let answer = named.approver.use_again(&options);
    let refused = accounts::answered(&named.desk, approver, &secret, &answer, BROWSER).await;
    assert_eq!(fields(refused.map(|_| ())), ["credential"]);
    named.approver.counter = 7;
    signs(&named.desk, approver, &mut named.approver, approve)
        .await
        .unwrap();
}

/// Column by column, the row's hash in its event and the whole chain written anew; and a key that its
/// signer never had, with which everything else is in order.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn each_column_of_a_signature_in_a_trail_that_is_consistent_again(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let mut named = Named::open(engine).await;
    let (_, [accepted, approved]) = named.signed().await;
    let rig = &named.story.rig;
    let whole = events(rig).await;
    let made = whole.iter().find(|event| event.name == "approved").unwrap();
    let mut own = approved.clone();
    let (mut stranger, _) = Authenticator::make(
        r#"{"authenticatorSelection":{"residentKey":"required"},"user":{"id":""},"rp":{"id":"localhost"}}"#,
    );
    let challenge = trail::passkey::challenge(&approved.payload);
    let answer = stranger.use_for(&format!(
        r#"{{"userVerification":"required","rpId":"localhost","challenge":"{challenge}"}}"#
    ));
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let bytes = |part: &str| base64url(answer["response"][part].as_str().unwrap());
    own.public_key = Some(hex::encode(stranger.cose()));
    own.authenticator_data = Some(hex::encode(bytes("authenticatorData")));
    own.client_data = Some(String::from_utf8(bytes("clientDataJSON")).unwrap());
    own.assertion = Some(hex::encode(bytes("signature")));
    assert!(holds(&own), "nothing in the row itself tells");

    type Alter = fn(&mut signatures::Model, &signatures::Model);
    let columns: [(&str, Alter); 13] = [
        ("person_id", |row, other| row.person_id = other.person_id),
        ("signer_name", |row, other| {
            row.signer_name.clone_from(&other.signer_name)
        }),
        ("meaning", |row, other| {
            row.meaning.clone_from(&other.meaning)
        }),
        ("capacity", |row, other| {
            row.capacity.clone_from(&other.capacity)
        }),
        ("document_sha256", |row, other| {
            row.document_sha256.clone_from(&other.document_sha256);
        }),
        ("payload", |row, other| {
            row.payload.clone_from(&other.payload);
            row.payload_sha256.clone_from(&other.payload_sha256);
        }),
        ("signed_at", |row, _| row.signed_at += 1),
        ("method", |row, _| row.method = Some("password".to_owned())),
        ("without its answer", |row, _| {
            row.method = None;
            row.public_key = None;
            row.authenticator_data = None;
            row.client_data = None;
            row.assertion = None;
        }),
        ("public_key", |row, other| {
            row.public_key.clone_from(&other.public_key)
        }),
        ("authenticator_data", |row, _| {
            row.authenticator_data = row
                .authenticator_data
                .take()
                .map(|data| data.replace("05", "01"));
        }),
        ("client_data", |row, other| {
            row.client_data.clone_from(&other.client_data)
        }),
        ("assertion", |row, other| {
            row.assertion.clone_from(&other.assertion)
        }),
    ];
    let altered = columns.map(|(what, alter)| {
        let mut row = approved.clone();
        alter(&mut row, &accepted);
        assert_ne!(row, approved, "{what}");
        (what, row)
    });
    for (what, row) in altered.into_iter().chain([("a key of somebody else", own)]) {
        row.clone()
            .into_active_model()
            .reset_all()
            .update(rig.desk.database.write())
            .await
            .unwrap();
        let row = row_of(&row);
        let mut forged = whole.clone();
        let event = forged
            .iter_mut()
            .find(|event| event.seq == made.seq)
            .unwrap();
        bind(event, &row);
        rewrite(rig, forged).await;
        let report = casework::verification::verify(&rig.desk.database, None)
            .await
            .unwrap();
        let is =
            |fault: &Fault| (fault.seq(), fault.class()) == (Some(made.seq), "forged signature");
        assert!(report.found.iter().any(is), "{what}: {:?}", report.found);
        guard_again(rig).await;
    }
    approved
        .into_active_model()
        .reset_all()
        .update(rig.desk.database.write())
        .await
        .unwrap();
    rewrite(rig, whole).await;
    let report = casework::verification::verify(&rig.desk.database, None)
        .await
        .unwrap();
    let mut found = report.found.iter();
    // A story has no rows of what was handed in; of signatures nothing is found any more.
    assert!(found.all(|fault| fault.class() != "forged signature"));
}

fn base64url(text: &str) -> Vec<u8> {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bytes = Vec::new();
    let (mut bits, mut many) = (0_u32, 0);
    for letter in text.chars() {
        bits = bits << 6 | u32::try_from(LETTERS.find(letter).unwrap()).unwrap();
        many += 6;
        if many >= 8 {
            many -= 8;
            bytes.push(u8::try_from(bits >> many & 255).unwrap());
        }
    }
    bytes
}

/// A signature as receipts hold it.
fn row_of(row: &signatures::Model) -> Row {
    let row = serde_json::json!({
        "id": row.id, "person_id": row.person_id, "case_id": row.case_id,
        "signer_name": row.signer_name, "meaning": row.meaning, "capacity": row.capacity,
        "document_sha256": row.document_sha256, "payload": row.payload,
        "payload_sha256": row.payload_sha256, "signed_at": row.signed_at, "method": row.method,
        "public_key": row.public_key, "authenticator_data": row.authenticator_data,
        "client_data": row.client_data, "assertion": row.assertion,
    });
    Row {
        record: format!("signatures/{}", row["id"].as_str().unwrap()),
        row: row.as_object().unwrap().clone(),
    }
}

/// Has an event carry the hash of this row in place of the one before.
fn bind(event: &mut Event, row: &Row) {
    let mut body: serde_json::Value = serde_json::from_str(&event.body).unwrap();
    let mut bound = record::read(&body);
    for one in &mut bound {
        if one.record.starts_with("signatures/") {
            one.record.clone_from(&row.record);
            one.sha256 = row.sha256().unwrap();
        }
    }
    record::write(&mut body, &bound);
    event.body = trail::canonical(&body).unwrap();
}

/// The same numbers in every run (splitmix64).
fn roll(seed: &mut u64, sides: usize) -> usize {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    usize::try_from((z ^ (z >> 31)) % u64::try_from(sides).unwrap()).unwrap()
}

/// A receipt by somebody who writes the event, the tree and the log's signature as well: all of it is
/// in order, but what the passkey has signed.
fn receipt_of(event: &Event, row: Row) -> Receipt {
    let signer = Signer::from_seed("forged.example.org", [9; 32]).unwrap();
    let mut event = event.clone();
    event.seq = 1;
    bind(&mut event, &row);
    event.hash = event.leaf_hash().unwrap();
    let checkpoint = Checkpoint {
        origin: "forged.example.org".to_owned(),
        size: 1,
        root: Hash::of_leaf(&event.leaf().unwrap()),
    };
    Receipt {
        event,
        rows: vec![row],
        keys: vec![signer.verifier()],
        proof: Proof {
            index: 0,
            hashes: Vec::new(),
            checkpoint: checkpoint.sign([&signer]).unwrap(),
        },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_forgeries_of_what_a_passkey_signed_are_all_found() {
    const FORGERIES: usize = 1_000;
    let mut named = Named::open(Engine::Sqlite).await;
    let (_, both) = named.signed().await;
    let all = events(&named.story.rig).await;
    let event = all.iter().find(|event| event.name == "approved").unwrap();
    let [other, whole] = both.map(|row| row_of(&row));
    receipt_of(event, whole.clone()).verify(None).unwrap();
    let columns: Vec<String> = whole.row.keys().cloned().collect();
    assert_eq!(columns.len(), 15);
    let (mut seed, mut touched) = (11, BTreeSet::new());
    let mut forged = 0;
    while forged < FORGERIES {
        let mut row = whole.clone();
        for _ in 0..=roll(&mut seed, 3) {
            let column = &columns[roll(&mut seed, columns.len())];
            touched.insert(column.clone());
            let value = row.row.get_mut(column).unwrap();
            match (roll(&mut seed, 4), value.as_str().map(str::to_owned)) {
                // Moved from another record.
                (0, _) => *value = other.row[column].clone(),
                (1, Some(_)) => *value = serde_json::Value::Null,
                (_, Some(text)) => {
                    let mut letters: Vec<char> = text.chars().collect();
                    let at = roll(&mut seed, letters.len());
                    let new = ['0', '1', 'a', 'f', 'Z'][roll(&mut seed, 5)];
                    letters[at] = new;
                    *value = letters.into_iter().collect::<String>().into();
                }
                (_, None) => *value = 1_795_600_000_000_000_i64.into(),
            }
        }
        if roll(&mut seed, 2) == 0 {
            let payload = trail::sha256(row.text("payload"));
            row.row.insert("payload_sha256".to_owned(), payload.into());
        }
        let id = row.text("id").to_owned();
        row.record = format!("signatures/{id}");
        if row.row == whole.row {
            continue;
        }
        forged += 1;
        let record = row.record.clone();
        assert_eq!(
            receipt_of(event, row.clone()).verify(None).map(drop),
            Err(Flaw::ForgedSignature(record)),
            "{row:?}"
        );
    }
    assert_eq!(touched.len(), 15, "{touched:?}");
}
