//! What people read of the trail: an entry that cannot be read takes nothing else away; drafts and
//! apps in conflict of interest are not in it; and who did something is named by what they were.

use crate::support::*;
use casework::{
    audit::UNREADABLE,
    commands,
    conditions::Part,
    entities::{audit_events, people},
    paging::Count,
    queries::{
        self, Outcome,
        audit::{TrailFilter, explorer},
        case_page::case_page,
    },
    reports::{COLUMNS, Export, Format, Paper, export_case, export_trail},
    verification::verify,
};
use futures_util::TryStreamExt;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use std::process::Command;

async fn bytes(export: Export) -> Vec<u8> {
    let pieces: Vec<Vec<u8>> = export.body.try_collect().await.unwrap();
    pieces.concat()
}

fn text_of(pdf: &[u8]) -> String {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("copy.pdf");
    std::fs::write(&file, pdf).unwrap();
    let output = Command::new("pdftotext")
        .args([file.to_str().unwrap(), "-"])
        .output()
        .expect("pdftotext is needed (Debian: poppler-utils)");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn events(story: &Story) -> Vec<audit_events::Model> {
    audit_events::Entity::find()
        .order_by_asc(audit_events::Column::Seq)
        .all(story.desk.database.read())
        .await
        .unwrap()
}

/// What someone who owns the database does before altering the trail.
async fn unguarded(story: &Story) {
    let statements: &[&str] = if story.is_postgres() {
        &["ALTER TABLE audit_events DISABLE TRIGGER USER"]
    } else {
        &["DROP TRIGGER audit_no_update"]
    };
    for statement in statements {
        story.sql(statement).await.unwrap();
    }
}

/// Bodies that cannot be read: no JSON, no object, a kind that nobody knows, another one than its
/// name says, and a shape that is not its own.
const BROKEN: [&str; 6] = [
    "no JSON",
    "[]",
    r#"{"event":{"event":"moon_landed"}}"#,
    r#"{"event":{"event":"completeness_confirmed"}}"#,
    r#"{"event":{"event":"declined","reason":7}}"#,
    "{}",
];

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_cannot_be_read_takes_no_page_and_no_copy_away(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Declined)
        .await;
    unguarded(&story).await;
    let all = events(&story).await;
    let declined = all.iter().find(|row| row.name == "declined").unwrap();
    let cast = &story.cast;
    let line = format!("Event {} cannot be read", declined.seq);
    for broken in BROKEN {
        let alter = format!(
            "UPDATE audit_events SET body = '{broken}' WHERE seq = {}",
            declined.seq
        );
        story.sql(&alter).await.unwrap();
        let filter = TrailFilter::default();
        let page = explorer(
            &story.desk,
            &cast.compliance,
            filter.clone(),
            Default::default(),
        );
        let page = page.await.unwrap();
        let told = |seq| page.rows.iter().find(|row| row.seq == seq).unwrap();
        assert_eq!(told(declined.seq).what, UNREADABLE, "{broken}");
        assert!(!told(declined.seq - 1).what.is_empty());

        let page = case_page(&story.desk, &cast.lead, case, None)
            .await
            .unwrap();
        let unread = |entry: &&queries::case_page::Entry| entry.what == UNREADABLE;
        let unread: Vec<_> = page.history.entries.iter().filter(unread).collect();
        assert_eq!(unread.len(), 1);
        assert_eq!(unread[0].name, "declined");
        assert_eq!(page.decided.len(), 1);
        assert_eq!(page.decided[0].what, UNREADABLE);
        assert_eq!(page.decided[0].who, "Amara");

        let page = queries::application(&story.desk, &cast.owner, case)
            .await
            .unwrap();
        let last = page.history.last().unwrap();
        assert_eq!((last.what.as_str(), last.who.as_str()), (UNREADABLE, ""));
        assert!(matches!(page.outcome, Some(Outcome::Unreadable { .. })));

        let csv = export_trail(&story.desk, &cast.compliance, &filter, Format::Csv).await;
        csv_has(
            &bytes(csv.unwrap()).await,
            declined,
            broken,
            &line,
            all.len(),
        );
        let csv = export_case(&story.desk, &cast.compliance, case, Format::Csv).await;
        let of_case = all.iter().filter(|row| row.case_id == declined.case_id);
        csv_has(
            &bytes(csv.unwrap()).await,
            declined,
            broken,
            &line,
            of_case.count(),
        );
        let paper = Format::Pdf(Paper::A4);
        let pdf = export_trail(&story.desk, &cast.compliance, &filter, paper).await;
        assert!(text_of(&bytes(pdf.unwrap()).await).contains(&line));
        let pdf = export_case(&story.desk, &cast.compliance, case, paper).await;
        assert!(text_of(&bytes(pdf.unwrap()).await).contains(&line));

        let what = format!("event {}", declined.seq);
        let conditions = story.desk.conditions.list();
        let told = |one: &&casework::conditions::Condition| one.what == what;
        assert_eq!(conditions.iter().find(told).unwrap().part, Part::Trail);
        let report = verify(&story.desk.database, None).await.unwrap();
        let found = report
            .found
            .iter()
            .any(|fault| fault.seq() == Some(declined.seq));
        assert!(found, "{broken}: {:?}", report.found);
    }
}

/// The row of the event says that it cannot be read and has its body whole; every other row is read.
fn csv_has(text: &[u8], event: &audit_events::Model, body: &str, line: &str, at_least: usize) {
    let place = |name: &str| COLUMNS.iter().position(|column| *column == name).unwrap();
    let mut reader = csv::Reader::from_reader(text);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(
        rows.len() > at_least,
        "every event, and the end of the chain"
    );
    let seq = event.seq.to_string();
    for row in &rows {
        let sentence = &row[place("sentence")];
        if row[place("name")] == *"chain_head" || row[place("seq")] != seq {
            assert!(!sentence.is_empty() && !sentence.contains("cannot be read"));
            continue;
        }
        assert_eq!(sentence, line);
        assert_eq!(&row[place("body")], body);
        assert_eq!(&row[place("hash")], event.hash);
        let leaf: serde_json::Value = serde_json::from_str(&row[place("leaf")]).unwrap();
        assert_eq!(leaf["body"], body);
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_last_verification_is_told_also_where_its_entry_cannot_be_read(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cyril = &story.cast.compliance;
    commands::verify_trail(&story.desk, cyril).await.unwrap();
    unguarded(&story).await;
    story
        .sql("UPDATE audit_events SET body = 'no JSON' WHERE name = 'trail_verified'")
        .await
        .unwrap();
    let page = explorer(
        &story.desk,
        cyril,
        TrailFilter::default(),
        Default::default(),
    );
    let verified = page.await.unwrap().verified.unwrap();
    assert_eq!((verified.who.as_str(), verified.whole), ("Cyril", false));
    assert_eq!(verified.what, "left an entry that cannot be read");
}

/// The cases and apps of which the explorer and a copy have events.
async fn seen_by(story: &Story, who: &Caller) -> Vec<audit_events::Model> {
    let filter = TrailFilter::default();
    let page = explorer(&story.desk, who, filter.clone(), Default::default())
        .await
        .unwrap();
    assert_eq!(Count::exact(page.rows.len() as u64), page.count, "one page");
    let all = events(story).await;
    let copy = export_trail(&story.desk, who, &filter, Format::Csv).await;
    let copy = bytes(copy.unwrap()).await;
    let mut reader = csv::Reader::from_reader(copy.as_slice());
    let mut copied: Vec<i64> = reader
        .records()
        .map(|row| row.unwrap()[0].parse().unwrap())
        .collect();
    copied.pop();
    let mut shown: Vec<i64> = page.rows.iter().map(|row| row.seq).collect();
    shown.reverse();
    assert_eq!(shown, copied, "a copy has what the page has");
    all.into_iter()
        .filter(|row| shown.contains(&row.seq))
        .collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_not_in_the_explorer_or_in_copies_until_it_is_handed_in(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story.draft(AccessLevel::Limited).await;
    let id = story.row(case).await.id;
    let of_case = async || {
        let seen = seen_by(&story, &cast.compliance).await;
        seen.into_iter()
            .filter(|row| row.case_id == Some(id))
            .count()
    };
    assert_eq!(of_case().await, 0);
    let filter = TrailFilter {
        case: case.to_string(),
        ..TrailFilter::default()
    };
    let page = explorer(&story.desk, &cast.compliance, filter, Default::default())
        .await
        .unwrap();
    assert_eq!(
        page.count,
        Count::exact(0),
        "nor where it is asked for by its number"
    );
    let given_up = story.app("Other", &cast.owner).await;
    let given_up = story
        .draft_for(given_up, &cast.owner, AccessLevel::Limited)
        .await;
    let reason = "Another time.".to_owned();
    story
        .step(&cast.owner, given_up, Action::Withdraw { reason })
        .await;
    let given_up = story.row(given_up).await.id;
    let seen = seen_by(&story, &cast.compliance).await;
    assert!(seen.iter().all(|row| row.case_id != Some(given_up)));
    story.step(&cast.owner, case, story::submission()).await;
    assert_eq!(
        of_case().await,
        2,
        "with its beginning, once it is handed in"
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_officer_in_conflict_of_interest_reads_nothing_of_the_app_itself(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let officer = story
        .person("cora", &[Role::Developer, Role::Compliance])
        .await;
    let text = commands::AppText {
        name: "Own".to_owned(),
        organisation: "Glow Health".to_owned(),
        description: "Shows glucose beside sleep.".to_owned(),
        website: "https://glow.example.org".to_owned(),
    };
    let (own, _) = commands::create_app(&story.desk, &officer, &text)
        .await
        .unwrap();
    let (other, _) = commands::create_app(&story.desk, &story.cast.stranger, &text)
        .await
        .unwrap();
    let case = story.draft_for(own, &officer, AccessLevel::Limited).await;
    let stella = commands::Authority::default();
    commands::invite_member(&story.desk, &officer, own, "stella", stella)
        .await
        .unwrap();
    story.step(&officer, case, story::submission()).await;
    let id = story.row(case).await.id;
    dropped_letter(&story, id).await;
    let of_own = |row: &audit_events::Model| {
        row.case_id == Some(id)
            || (row.subject == "app" && row.subject_id == own.to_string())
            || row.body.contains(&id.to_string())
    };
    let seen = seen_by(&story, &officer).await;
    let leaked: Vec<&str> = seen
        .iter()
        .filter(|row| of_own(row))
        .map(|row| row.name.as_str())
        .collect();
    assert!(leaked.is_empty(), "{leaked:?}");
    assert!(seen.iter().any(|row| row.subject_id == other.to_string()));
    let by_another = seen_by(&story, &story.cast.compliance).await;
    let names: Vec<&str> = by_another
        .iter()
        .filter(|row| of_own(row))
        .map(|row| row.name.as_str())
        .collect();
    assert!(
        [
            "app_created",
            "member_invited",
            "submitted",
            "letter_dropped"
        ]
        .iter()
        .all(|name| names.contains(name)),
        "{names:?}"
    );
}

/// A letter about a case that was dropped, as the worker records it: of a person, the case in its
/// body alone.
async fn dropped_letter(story: &Story, case: uuid::Uuid) {
    use casework::audit::{self, Entry, Subject};
    let entry = Entry {
        actor: None,
        subject: Subject::Person(story.cast.lead.person.0),
        name: "letter_dropped",
        body: serde_json::json!({ "kind": "decision_proposed", "case": case }),
        reason: "no longer so".to_owned(),
    };
    let transaction = story.desk.database.begin().await.unwrap();
    audit::append(&transaction, story.desk.now(), 1, vec![entry])
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_history_names_people_by_the_side_they_acted_on(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Clarification)
        .await;
    let told = async |reader: &Caller| {
        let page = queries::application(&story.desk, reader, case)
            .await
            .unwrap();
        let history = page.history.into_iter();
        let lines: Vec<(String, String)> = history.map(|one| (one.who, one.what)).collect();
        lines
    };
    let before = told(&cast.member).await;
    let by = |what: &str| {
        let line = before.iter().find(|(_, said)| said.starts_with(what));
        line.unwrap().0.clone()
    };
    assert_eq!(by("submitted"), "Olga");
    assert_eq!(by("requested clarification"), "Upgrade Desk");
    let own = told(&cast.owner).await;
    let own = own.iter().find(|(_, what)| what.starts_with("submitted"));
    assert_eq!(own.unwrap().0, "You");
    // The developer joins the desk, and the reviewer leaves it.
    for (who, roles) in [(&cast.owner, "reviewer"), (&cast.reviewer, "developer")] {
        let row = people::ActiveModel {
            id: Set(who.person.0),
            roles: Set(roles.to_owned()),
            ..Default::default()
        };
        row.update(story.desk.database.write()).await.unwrap();
    }
    let after = told(&cast.member).await;
    assert_eq!(after, before, "what happened has not changed");
    let rosa = people::Entity::find()
        .filter(people::Column::Username.eq("rosa"))
        .one(story.desk.database.read())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(rosa.roles, "developer");
}
