//! What keeps a desk small and its tables out of reach: sweepers, quotas, and the rights of the
//! account that serves.

use crate::support::{
    bench::{Bench, PASSWORD},
    *,
};
use bytes::Bytes;
use casework::{
    Parts,
    accounts::{self, Registration},
    commands,
    dispatch::{Pace, Worker},
    entities::{
        attachments, bulk_cases, bulk_runs, captured_mails, discarded_files, drafts,
        ended_authorisations, kept_answers, once_keys, outbox, self_checks, served_subjects,
        snoozes, tokens, user_days,
    },
    kept::{self, Owner, ToKeep},
    people::{LinkLetter, post_link},
    post::{MailConfig, Transport, TransportConfig},
    queries,
    sweep::{KEPT, Retention, SWEEPERS, sweep},
    verification,
};
use migrations::rights;
use object_store::{ObjectStoreExt, PutPayload, path::Path};
use sea_orm::{
    ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryOrder, Set, Statement,
};
use std::collections::BTreeSet;
use time::Duration;
use workflow::AttachmentId;

#[derive(FromQueryResult)]
struct Named {
    name: String,
}

/// Every table of the schema.
async fn tables(rig: &Rig) -> BTreeSet<String> {
    let text = if rig.is_postgres() {
        "SELECT table_name::text AS name FROM information_schema.tables \
         WHERE table_schema = 'public'"
    } else {
        // What lies behind the index of search is SQLite's own.
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
         AND name NOT LIKE 'search_words%'"
    };
    let statement = Statement::from_string(rig.database.backend(), text);
    let found = Named::find_by_statement(statement)
        .all(rig.database.read())
        .await
        .unwrap();
    found.into_iter().map(|row| row.name).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn every_table_is_swept_or_kept_for_a_reason_and_has_its_rights(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = Rig::open(engine).await;
    let tables = tables(&rig).await;
    let swept: BTreeSet<String> = SWEEPERS.iter().map(|one| one.table.to_owned()).collect();
    let kept: BTreeSet<String> = KEPT.iter().map(|(table, _)| (*table).to_owned()).collect();
    assert!(swept.is_disjoint(&kept));
    assert_eq!(
        swept.union(&kept).cloned().collect::<BTreeSet<_>>(),
        tables,
        "a table belongs into SWEEPERS or KEPT (casework/src/kernel/sweep.rs)"
    );
    let named: BTreeSet<String> = rights::TABLES
        .iter()
        .map(|(table, _)| (*table).to_owned())
        .collect();
    assert_eq!(
        named, tables,
        "a table belongs into migrations/src/rights.rs"
    );
}

#[test]
fn the_manual_names_every_retention() {
    let manual = include_str!("../../../docs/operating.md");
    for sweeper in SWEEPERS {
        let line = format!(
            "| `{}` | `{}` | {}",
            sweeper.table, sweeper.setting, sweeper.after
        );
        assert!(manual.contains(&line), "docs/operating.md lacks: {line}");
    }
}

/// A day after the longest retention of all.
const FAR: Duration = Duration::days(801);

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_old_goes_in_batches_and_what_is_new_stays(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = Rig::as_delivered(engine).await;
    let new = Registration {
        name: "Noor Haddad".to_owned(),
        organisation: String::new(),
        username: "noor".to_owned(),
        email: "noor@example.org".to_owned(),
        password: "seven quiet rivers".to_owned(),
        agreement: Some(1),
    };
    accounts::register(&rig, new, "::1").await.unwrap();
    let now = rig.now().micros();
    // More than two batches.
    for part in 0..3 {
        let rows = (0..400).map(|index| once_keys::ActiveModel {
            key: Set(format!("key {part} {index}")),
            person_id: Set(None),
            location: Set(String::new()),
            content: Set(None),
            created_at: Set(now),
        });
        once_keys::Entity::insert_many(rows)
            .exec_without_returning(rig.database.write())
            .await
            .unwrap();
    }
    let keep = Retention::default();
    let nothing = sweep(&rig, &keep).await.unwrap();
    assert!(nothing.iter().all(|(_, gone)| *gone == 0), "{nothing:?}");

    rig.clock.pass(Duration::days(40));
    sweep(&rig, &keep).await.unwrap();
    let database = rig.database.read();
    assert_eq!(once_keys::Entity::find().count(database).await.unwrap(), 0);
    assert_eq!(tokens::Entity::find().count(database).await.unwrap(), 0);
    let letters = outbox::Entity::find().all(database).await.unwrap();
    assert!(!letters.is_empty());
    assert!(
        letters.iter().all(|letter| !letter.text.is_empty()),
        "a letter that was not sent keeps its text"
    );

    rig.sql("UPDATE outbox SET state = 'sent'").await.unwrap();
    sweep(&rig, &keep).await.unwrap();
    let letters = outbox::Entity::find().all(database).await.unwrap();
    assert!(!letters.is_empty(), "that it was sent is still known");
    assert!(
        letters
            .iter()
            .all(|letter| letter.text.is_empty() && letter.html.is_empty())
    );

    rig.clock.pass(FAR);
    sweep(&rig, &keep).await.unwrap();
    assert_eq!(outbox::Entity::find().count(database).await.unwrap(), 0);
    assert_eq!(
        captured_mails::Entity::find()
            .count(database)
            .await
            .unwrap(),
        0
    );
}

async fn rows_of(rig: &Rig, table: &str) -> i64 {
    let text = format!("SELECT COUNT(*) AS count FROM {table}");
    let statement = Statement::from_string(rig.database.backend(), text);
    let row = rig.database.read().query_one_raw(statement).await;
    row.unwrap().unwrap().try_get("", "count").unwrap()
}

/// Puts a row into every table that is swept, by what people do.
async fn grow(bench: &Bench) {
    let rig = &bench.rig;
    let staff = story::person(rig, "rosa", &[Role::Reviewer]).await;
    // A draft of an application that ends, and a look at it.
    let case = bench.submitted(AccessLevel::Limited).await;
    let looks = commands::Looks::Reads;
    commands::look_at(rig, &staff, case, looks).await.unwrap();
    let reason = "We ship later.".to_owned();
    story::act(rig, &bench.owner, case, Action::Withdraw { reason })
        .await
        .unwrap();
    accounts::sign_in_for_demo(rig, "rosa", &accounts::Origin::default())
        .await
        .unwrap();
    // An address that has an account: the username given with it is held, and a letter goes out.
    let again = Registration {
        name: "Olga Again".to_owned(),
        organisation: String::new(),
        username: "olga2".to_owned(),
        email: "olga@example.org".to_owned(),
        password: "seven quiet rivers".to_owned(),
        agreement: Some(1),
    };
    accounts::register(rig, again, "198.51.100.1")
        .await
        .unwrap();
    let writing = rig.database.write();
    let person = accounts::find(writing, bench.owner.person).await.unwrap();
    post_link(writing, rig, &person, LinkLetter::ResetPassword)
        .await
        .unwrap();
    let capture = MailConfig {
        from: "Upgrade Desk <desk@example.org>".to_owned(),
        transport: TransportConfig::Capture,
    };
    let transport = Transport::new(&capture).unwrap();
    Worker::new(rig.desk.clone(), transport, Pace::default())
        .round()
        .await
        .unwrap();
    let authority = commands::Authority::default();
    commands::invite_member(rig, &bench.owner, bench.app, "stella", authority)
        .await
        .unwrap();
    bench.give_password().await;
    let email = "olga.berg@example.org";
    commands::change_email(rig, &bench.owner, email, PASSWORD.into())
        .await
        .unwrap();
    let named = rig
        .another_desk_of(|parts| Parts {
            base_url: passkey::ORIGIN.parse().unwrap(),
            ..parts
        })
        .await;
    accounts::begin_passkey_sign_in(&named, &accounts::Origin::default(), "a browser")
        .await
        .unwrap();
    let form = ToKeep {
        owner: &Owner::Person(bench.owner.person),
        address: "198.51.100.1",
        step: "withdraw",
        form: "withdraw",
        fields: Vec::new(),
        carried: Vec::new(),
        drawn: "",
        chosen: Vec::new(),
        page: "/",
    };
    kept::keep(rig, form, &Error::NotFound).await.unwrap();
    crate::living::text_of_no_use(rig, bench.app, case).await;
    // As days are counted: from 1970-01-01 on.
    let today = i32::try_from(rig.now().micros() / 86_400_000_000).unwrap();
    served_subjects::Entity::insert(served_subjects::ActiveModel {
        app_id: Set(bench.app.0),
        day: Set(today),
        subject: Set("a user".to_owned()),
    })
    .exec_without_returning(writing)
    .await
    .unwrap();
    ended_authorisations::Entity::insert(ended_authorisations::ActiveModel {
        app_id: Set(bench.app.0),
        subject: Set("a user".to_owned()),
        since_at: Set(rig.now().micros()),
        day: Set(today),
    })
    .exec_without_returning(writing)
    .await
    .unwrap();
    user_days::Entity::insert(user_days::ActiveModel {
        app_id: Set(bench.app.0),
        day: Set(today),
        authorised: Set(1),
        served: Set(1),
    })
    .exec_without_returning(writing)
    .await
    .unwrap();
    // As after a step that forgot them: those of steps go with what they answer.
    kept_answers::Entity::insert(kept_answers::ActiveModel {
        case_id: Set(story::stored(rig, case).await.id.0),
        answers: Set("{}".to_owned()),
        marks: Set("{}".to_owned()),
        saved_at: Set(rig.now().micros()),
        saved_by: Set(bench.owner.person.0),
    })
    .exec_without_returning(writing)
    .await
    .unwrap();
    self_checks::Entity::insert(self_checks::ActiveModel {
        case_id: Set(story::stored(rig, case).await.id.0),
        found: Set("{}".to_owned()),
        sha256: Set(String::new()),
        checked_at: Set(rig.now().micros()),
        checked_by: Set(bench.owner.person.0),
    })
    .exec_without_returning(writing)
    .await
    .unwrap();
    snoozes::Entity::insert(snoozes::ActiveModel {
        person_id: Set(bench.owner.person.0),
        case_id: Set(story::stored(rig, case).await.id.0),
        number: Set(1_001),
        reason: Set(String::new()),
        until_at: Set(rig.now().micros()),
        since_at: Set(rig.now().micros()),
    })
    .exec_without_returning(writing)
    .await
    .unwrap();
    let run = new_id();
    bulk_runs::Entity::insert(bulk_runs::ActiveModel {
        id: Set(run),
        person_id: Set(bench.owner.person.0),
        kind: Set("tag".to_owned()),
        to_id: Set(None),
        tag_id: Set(None),
        beyond: Set(false),
        note: Set(String::new()),
        list: Set("/queue".to_owned()),
        is_cut: Set(false),
        state: Set("ended".to_owned()),
        made_at: Set(rig.now().micros()),
        changed_at: Set(rig.now().micros()),
        leased_until: Set(0),
    })
    .exec_without_returning(writing)
    .await
    .unwrap();
    bulk_cases::Entity::insert(bulk_cases::ActiveModel {
        run_id: Set(run),
        position: Set(0),
        number: Set(1_001),
        seat: Set(None),
        holder_id: Set(None),
        outcome: Set("done".to_owned()),
        words: Set(String::new()),
    })
    .exec_without_returning(writing)
    .await
    .unwrap();
    shelf::draft(rig, &bench.owner).await;
    once_keys::Entity::insert(once_keys::ActiveModel {
        key: Set("a form".to_owned()),
        person_id: Set(None),
        location: Set(String::new()),
        content: Set(None),
        created_at: Set(rig.now().micros()),
    })
    .exec_without_returning(writing)
    .await
    .unwrap();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn every_table_that_grows_is_emptied_of_what_is_old_and_of_nothing_else(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let rig = &bench.rig;
    grow(&bench).await;
    let mut grown = Vec::new();
    for sweeper in SWEEPERS {
        let count = rows_of(rig, sweeper.table).await;
        assert!(count > 0, "{} has no row to throw away", sweeper.table);
        grown.push(count);
    }
    sweep(rig, &Retention::default()).await.unwrap();
    for (sweeper, count) in SWEEPERS.iter().zip(grown) {
        assert_eq!(
            rows_of(rig, sweeper.table).await,
            count,
            "{}",
            sweeper.table
        );
    }
    // Letters that were not sent would stay.
    rig.sql("UPDATE outbox SET state = 'sent'").await.unwrap();
    rig.clock.pass(FAR);
    sweep(rig, &Retention::default()).await.unwrap();
    for sweeper in SWEEPERS {
        assert_eq!(rows_of(rig, sweeper.table).await, 0, "{}", sweeper.table);
    }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";

async fn attached(bench: &Bench, case: CaseNumber, bytes: Vec<u8>) -> casework::Result<()> {
    let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from(bytes))]);
    commands::add_attachment(
        &bench.rig,
        &bench.owner,
        &story::envelope(case),
        "mockups",
        "evening.png",
        stream,
    )
    .await
    .map(|_| ())
}

async fn remove_all(bench: &Bench, case: CaseNumber) {
    let files = attachments::Entity::find()
        .all(bench.rig.database.read())
        .await
        .unwrap();
    for file in files.iter().filter(|file| file.removed_at.is_none()) {
        commands::remove_attachment(
            &bench.rig,
            &bench.owner,
            &story::envelope(case),
            AttachmentId(file.id),
        )
        .await
        .unwrap();
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_removed_file_counts_until_its_bytes_are_gone(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let case = bench.start(AccessLevel::Limited).await;
    let mut large = PNG.to_vec();
    large.resize(19 * 1024 * 1024, 0);
    let mut added = 0;
    let refused = loop {
        match attached(&bench, case, large.clone()).await {
            Ok(()) => added += 1,
            Err(error) => break error,
        }
        remove_all(&bench, case).await;
        assert!(added < 20, "nothing stops who adds and removes");
    };
    assert_eq!(added, 10);
    assert!(refused.to_string().contains("200 MB"), "{refused}");

    bench.rig.clock.pass(Duration::days(8));
    let swept = sweep(&bench.rig, &Retention::default()).await.unwrap();
    assert!(swept.contains(&("removed files", 10)), "{swept:?}");
    let gone = discarded_files::Entity::find()
        .count(bench.rig.database.read())
        .await
        .unwrap();
    assert_eq!(gone, 10);
    attached(&bench, case, PNG.to_vec()).await.unwrap();
}

/// What the sweeper has thrown away of this place.
async fn swept(rig: &Rig, place: &str) -> u64 {
    let swept = sweep(rig, &Retention::default()).await.unwrap();
    swept.iter().find(|(one, _)| *one == place).unwrap().1
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn files_of_an_application_that_ended_go_after_a_time_and_what_was_handed_in_stays(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(false, true)] submitted: bool,
    #[values(false, true)] saved: bool,
) {
    let place = "files of ended applications";
    let bench = Bench::open(engine).await;
    let rig = &bench.rig;
    let case = bench.start(AccessLevel::Limited).await;
    let other = story::app(rig, "Other", &bench.owner, &[]).await;
    let going_on = commands::start(rig, &bench.owner, other, AccessLevel::Limited)
        .await
        .unwrap();
    for one in [case, going_on] {
        attached(&bench, one, PNG.to_vec()).await.unwrap();
    }
    if saved || submitted {
        bench.fill(case).await;
    }
    if submitted {
        bench.submit(case).await.unwrap();
    }
    let reason = "We ship later.".to_owned();
    story::act(rig, &bench.owner, case, Action::Withdraw { reason })
        .await
        .unwrap();
    let files = attachments::Entity::find()
        .order_by_asc(attachments::Column::AddedAt)
        .all(rig.database.read())
        .await
        .unwrap();
    let of = |number: CaseNumber| {
        let files = &files;
        async move {
            let id = story::stored(rig, number).await.id.0;
            files
                .iter()
                .find(|file| file.case_id == id)
                .unwrap()
                .clone()
        }
    };
    let (ended, other) = (of(case).await, of(going_on).await);
    let bytes = |file: &attachments::Model| {
        let path = Path::from(file.storage_key.as_str());
        async move { rig.storage.head(&path).await.is_ok() }
    };

    rig.clock.pass(Duration::days(179));
    assert_eq!(swept(rig, place).await, 0);
    assert!(bytes(&ended).await);
    rig.clock.pass(Duration::days(2));
    assert_eq!(swept(rig, place).await, u64::from(!submitted));
    assert_eq!(bytes(&ended).await, submitted);
    assert!(
        bytes(&other).await,
        "an application that goes on keeps its files"
    );
    let drafts = drafts::Entity::find_by_id(ended.case_id);
    assert_eq!(drafts.count(rig.database.read()).await.unwrap(), 0);
    assert_eq!(swept(rig, place).await, 0, "once");

    // The record stays, and says so.
    let report = verification::verify(&rig.database, Some(&*rig.storage)).await;
    let report = format!("{:?}", report.unwrap());
    assert!(!report.contains("attachment"), "{report}");
    let download = queries::attachment(rig, &bench.owner, AttachmentId(ended.id)).await;
    match download {
        Ok(_) => assert!(submitted),
        Err(error) => assert!(matches!(error, Error::NotFound) && !submitted, "{error:?}"),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn files_that_were_handed_in_stay_and_those_without_a_record_go(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let case = bench.start(AccessLevel::Limited).await;
    attached(&bench, case, PNG.to_vec()).await.unwrap();
    bench.fill(case).await;
    bench.submit(case).await.unwrap();
    let files = attachments::Entity::find()
        .all(bench.rig.database.read())
        .await
        .unwrap();
    let kept = Path::from(files[0].storage_key.as_str());
    // As if it had been removed after it was handed in.
    bench
        .rig
        .sql("UPDATE attachments SET removed_at = 1")
        .await
        .unwrap();
    let orphan = Path::from("cases/nobody/nothing");
    bench
        .rig
        .storage
        .put(&orphan, PutPayload::from_static(b"left by a killed server"))
        .await
        .unwrap();

    sweep(&bench.rig, &Retention::default()).await.unwrap();
    assert!(
        bench.rig.storage.head(&orphan).await.is_ok(),
        "an upload may still be on its way"
    );
    // The store has a clock of its own: the present day.
    bench
        .rig
        .clock
        .set(casework::Clock::now(&casework::SystemClock).plus(Duration::days(2)));
    sweep(&bench.rig, &Retention::default()).await.unwrap();
    assert!(bench.rig.storage.head(&orphan).await.is_err());
    assert!(bench.rig.storage.head(&kept).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_that_serves_can_take_every_step_and_change_no_record() {
    let rig = Rig::as_delivered(Engine::Postgres).await;
    let few = rig.with_few_rights().await;
    let desk = Rig::desk_on(&few).await;
    // Every step of the demo's past, and a sweep, under these rights alone.
    stage::fill(&desk).await.unwrap();
    sweep(&desk, &Retention::default()).await.unwrap();

    let connection = desk.database.write();
    for table in [
        "audit_events",
        "submissions",
        "signatures",
        "agreements",
        "templates",
        "policy_versions",
        "policy_rules",
    ] {
        for statement in [
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table}"),
            format!("DROP TABLE {table}"),
            format!("ALTER TABLE {table} DISABLE TRIGGER ALL"),
        ] {
            let refused = connection.execute_unprepared(&statement).await;
            assert!(refused.is_err(), "{statement}");
        }
    }
    for statement in [
        "UPDATE audit_events SET reason = 'x'",
        "UPDATE submissions SET body = 'x'",
        "UPDATE signatures SET payload = 'x'",
        "UPDATE seaql_migrations SET version = 'x'",
        "DELETE FROM people",
        "DELETE FROM cases",
        "TRUNCATE sessions",
        "CREATE TABLE mine (id integer)",
    ] {
        let refused = connection.execute_unprepared(statement).await;
        assert!(refused.is_err(), "{statement}");
    }
}
