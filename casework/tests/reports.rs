//! Copies for auditors: as CSV, row for row what the database holds; as PDF, whole and readable.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use casework::{
    entities::audit_events,
    queries::audit::{TrailFilter, explorer},
    reports::{
        COLUMNS, EventLine, Export, Format, Head, Paper, Report, Signed, export_case, export_trail,
        render,
    },
};
use futures_util::TryStreamExt;
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};
use std::process::Command;
use support::*;

async fn bytes(export: Export) -> Vec<u8> {
    export
        .body
        .try_fold(Vec::new(), async |mut all, piece| {
            all.extend(piece);
            Ok(all)
        })
        .await
        .unwrap()
}

fn names() -> [&'static str; 5] {
    [
        "Rosa Reviewer",
        "伊藤 明",
        "Ελένη Παπαδοπούλου",
        "Олена Шевченко",
        "عائشة الزهراء",
    ]
}

fn report(events: i64) -> Report {
    Report {
        heading: "Case UD-1042".to_owned(),
        subtitle: "GlucoPal, Acme Health GmbH".to_owned(),
        scope: "UD-1042 · GlucoPal".to_owned(),
        facts: vec![
            ("Case", "UD-1042".to_owned()),
            ("App", "GlucoPal".to_owned()),
            ("Organisation", "Acme Health GmbH, 株式会社グルコース".to_owned()),
            ("Asks for", "Full Access".to_owned()),
            ("State", "Approved".to_owned()),
            ("Assignee", "伊藤 明".to_owned()),
        ],
        signatures: names()
            .iter()
            .take(3)
            .map(|name| Signed {
                name: (*name).to_owned(),
                capacity: "Managing director".to_owned(),
                meaning: "I accept the Data Licensing Agreement for the organisation".to_owned(),
                at: rig::BEGINNING.into(),
                document_sha256: "3fa912cd77e0b1c4".repeat(4),
                signature_sha256: "a1b2c3d4e5f60718".repeat(4),
                holds: true,
            })
            .collect(),
        events: (1..=events)
            .map(|seq| EventLine {
                seq,
                at: Timestamp::from(rig::BEGINNING)
                    .plus(time::Duration::minutes(7 * seq)),
                who: names()[usize::try_from(seq).unwrap() % 5].to_owned(),
                about: String::new(),
                what: match seq % 4 {
                    0 => "requested clarification: 2 questions, due 4 Dec 2026".to_owned(),
                    1 => "checked “tls everywhere” (technical): pass".to_owned(),
                    2 => "recorded a major finding on “data minimisation”".to_owned(),
                    _ => "passed the commercial review".to_owned(),
                },
                change: if seq % 4 == 0 {
                    "Review → Clarification".to_owned()
                } else {
                    String::new()
                },
                reason: if seq % 10 == 3 {
                    "The market is named in the privacy policy; 市場はプライバシーポリシーに記載されています。".to_owned()
                } else {
                    String::new()
                },
                hash: "3fa912cd77e0b1c4".repeat(4),
            })
            .collect(),
        total: 12_345,
        head: Head {
            seq: 12_345,
            hash: "77e0b1c43fa912cd".repeat(4),
        },
        exported_at: rig::BEGINNING.into(),
        exported_by: "Cyril".to_owned(),
    }
}

/// Runs one of Debian's tools for PDF on a file; nothing where it is not installed.
fn tool(name: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(name).args(arguments).output().ok()?;
    assert!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[rstest]
#[case::a4(Paper::A4, "a4")]
#[case::letter(Paper::Letter, "letter")]
fn a_pdf_is_whole_and_its_names_are_readable(#[case] paper: Paper, #[case] word: &str) {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join(format!("{word}.pdf"));
    std::fs::write(&file, render(&report(90), paper).unwrap()).unwrap();
    let file = file.to_str().unwrap();
    if let Ok(keep) = std::env::var("KEEP_REPORTS") {
        std::fs::copy(file, format!("{keep}/{word}.pdf")).unwrap();
    }
    if let Some(told) = tool("qpdf", &["--check", file]) {
        assert!(
            told.contains("No syntax or stream encoding errors"),
            "{told}"
        );
    }
    if let Some(fonts) = tool("pdffonts", &[file]) {
        let fonts: Vec<&str> = fonts.lines().skip(2).collect();
        assert_eq!(fonts.len(), 4, "{fonts:?}");
        for font in fonts {
            // Embedded, cut down, and with its characters.
            assert!(font.contains("yes yes yes"), "{font}");
        }
    }
    if let Some(text) = tool("pdftotext", &["-layout", file, "-"]) {
        for name in ["伊藤 明", "Ελένη", "Олена", "株式会社"] {
            assert!(text.contains(name), "{name} is not in the text");
        }
        let pages = text.matches("Page ").count();
        assert!(pages > 2);
        assert!(text.contains(&format!("Page {pages} of {pages}")));
        assert!(text.matches("When (UTC)").count() >= pages - 2);
        assert!(text.contains("holds 90 events of 12345"));
    }
}

#[test]
fn ten_thousand_events_take_little_time() {
    let report = report(10_000);
    let start = std::time::Instant::now();
    let bytes = render(&report, Paper::A4).unwrap();
    let took = start.elapsed();
    println!("10,000 events: {took:?}, {} bytes", bytes.len());
    // Generous: this also runs unoptimised, and beside other tests.
    assert!(took.as_secs() < 30);
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_csv_is_the_trail_row_for_row(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    story.case_in(AccessLevel::Full, StateKind::Approved).await;
    let rows = audit_events::Entity::find()
        .order_by_asc(audit_events::Column::Seq)
        .all(story.desk.database.read())
        .await
        .unwrap();
    let cast = &story.cast;
    let export = export_trail(
        &story.desk,
        &cast.compliance,
        &TrailFilter::default(),
        Format::Csv,
    )
    .await
    .unwrap();
    let text = bytes(export).await;
    let mut reader = csv::Reader::from_reader(text.as_slice());
    assert_eq!(reader.headers().unwrap(), COLUMNS.as_slice());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), rows.len() + 1);
    for (record, row) in records.iter().zip(&rows) {
        assert_eq!(record[0], row.seq.to_string());
        assert_eq!(&record[1], row.id.to_string());
        assert_eq!(&record[2], Timestamp::from_micros(row.at).to_string());
        assert_eq!(&record[3], row.actor);
        assert_eq!(&record[9], row.name);
        assert_eq!(&record[14], row.body);
        assert_eq!(&record[17], row.prev_hash);
        assert_eq!(&record[18], row.hash);
    }
    let head = records.last().unwrap();
    let last = rows.last().unwrap();
    assert_eq!(&head[9], "chain_head");
    assert_eq!(&head[18], last.hash);
    // The export is an event itself.
    let after = audit_events::Entity::find()
        .count(story.desk.database.read())
        .await
        .unwrap();
    assert_eq!(after, rows.len() as u64 + 1);
    story.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_explorer_filters_and_counts_before_it_lists() {
    let story = Story::begin(Engine::Sqlite).await;
    let case = story.case_in(AccessLevel::Full, StateKind::Approved).await;
    story
        .case_in(AccessLevel::Limited, StateKind::Completeness)
        .await;
    let cast = &story.cast;
    let look = async |filter: TrailFilter| {
        explorer(&story.desk, &cast.compliance, filter, None)
            .await
            .unwrap()
    };
    let all = look(TrailFilter::default()).await;
    assert_eq!(all.count, all.total);
    let one = look(TrailFilter {
        case: case.to_string(),
        ..TrailFilter::default()
    })
    .await;
    assert!(one.count < all.count);
    assert!(one.rows.iter().all(|row| row.case == Some(case)));
    let hers = look(TrailFilter {
        who: "rosa".to_owned(),
        what: "completeness_confirmed".to_owned(),
        ..TrailFilter::default()
    })
    .await;
    assert_eq!(hers.count, 1);
    assert_eq!(hers.rows[0].who, "Rosa");
    assert_eq!(hers.rows[0].change, "Completeness → Review");
    let none = look(TrailFilter {
        from: "2030-01-01".to_owned(),
        ..TrailFilter::default()
    })
    .await;
    assert_eq!((none.count, none.rows.len()), (0, 0));
    let odd = look(TrailFilter {
        from: "yesterday".to_owned(),
        ..TrailFilter::default()
    })
    .await;
    assert_eq!(odd.problems[0].field, "from");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_compliance_takes_copies() {
    let story = Story::begin(Engine::Sqlite).await;
    let case = story
        .case_in(AccessLevel::Limited, StateKind::Approved)
        .await;
    let cast = &story.cast;
    let filter = TrailFilter::default();
    for caller in [&cast.owner, &cast.stranger] {
        let refused = export_trail(&story.desk, caller, &filter, Format::Csv).await;
        assert!(matches!(refused, Err(Error::NotFound)));
    }
    let refused = export_trail(&story.desk, &cast.reviewer, &filter, Format::Csv).await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })));
    let refused = export_case(&story.desk, &cast.stranger, case, Format::Csv).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    let refused = export_case(&story.desk, &cast.approver, case, Format::Csv).await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })));
    let copy = export_case(&story.desk, &cast.compliance, case, Format::Pdf(Paper::A4))
        .await
        .unwrap();
    assert_eq!(copy.file_name, format!("{case}.pdf"));
    assert!(bytes(copy).await.starts_with(b"%PDF"));
    story.assert_sound().await;
}
