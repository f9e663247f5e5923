//! Copies for auditors: as CSV, row for row and byte for byte what was hashed; as PDF.

use crate::support::{bench::Bench, *};
use casework::{
    entities::{attachments, audit_events, signatures, submissions},
    paging::Count,
    queries::audit::{TrailFilter, explorer},
    reports::{COLUMNS, Export, Format, Paper, export_case, export_trail},
    store::Snapshot,
};
use futures_util::TryStreamExt;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use std::process::Command;
use workflow::{
    FilesOf, Internal, QuestionId,
    checklist::ListKind,
    event::{Answered, Asked, Pin, Response},
};

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

/// Of a reason that a spreadsheet would take for a formula, and of one that a person could write to
/// look like a neutralised one.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_hashed_can_be_recomputed_from_the_csv(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    for reason in [
        "=HYPERLINK(\"https://spam.example\")",
        "'=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "a,\"b\"\r\nc",
        "ä 図 ＝1",
    ] {
        let app = story.app("Glow", &story.cast.owner).await;
        let case = story
            .draft_for(app, &story.cast.owner, AccessLevel::Limited)
            .await;
        story.bring(case, StateKind::Submitted).await;
        let reason = reason.to_owned();
        let withdraw = Action::Withdraw { reason };
        story.step(&story.cast.owner, case, withdraw).await;
    }
    let filter = TrailFilter::default();
    let cyril = &story.cast.compliance;
    let export = export_trail(&story.desk, cyril, &filter, Format::Csv)
        .await
        .unwrap();
    let text = bytes(export).await;
    let mut reader = csv::Reader::from_reader(text.as_slice());
    let place = |name: &str| COLUMNS.iter().position(|column| *column == name).unwrap();
    let mut before = trail::GENESIS.to_owned();
    let mut formulas = 0;
    for record in reader.records() {
        let record = record.unwrap();
        for cell in &record {
            let first = cell.chars().next().unwrap_or(' ');
            assert!(!"=+-@\t\r\n＝＋－＠".contains(first), "{cell}");
        }
        if &record[place("name")] == "chain_head" {
            assert_eq!(
                &record[place("hash")],
                before,
                "the end is that of the last event"
            );
            continue;
        }
        let leaf = &record[place("leaf")];
        let hash = trail::sha256([b"\0", leaf.as_bytes()].concat());
        assert_eq!(&record[place("hash")], hash);
        let said: serde_json::Value = serde_json::from_str(leaf).unwrap();
        assert_eq!(said["prev_hash"], before.as_str());
        assert_eq!(&record[place("prev_hash")], before);
        assert_eq!(said["body"], record[place("body")]);
        let reason = said["reason"].as_str().unwrap();
        formulas += usize::from(record[place("reason")] != *reason);
        assert!(record[place("reason")].ends_with(reason));
        before = hash;
    }
    assert!(formulas >= 7);
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
        explorer(&story.desk, &cast.compliance, filter, Default::default())
            .await
            .unwrap()
    };
    let all = look(TrailFilter::default()).await;
    assert!(!all.count.more);
    let one = look(TrailFilter {
        case: case.to_string(),
        ..TrailFilter::default()
    })
    .await;
    assert!(one.count.number < all.count.number);
    assert!(one.rows.iter().all(|row| row.case == Some(case)));
    let hers = look(TrailFilter {
        who: "rosa".to_owned(),
        what: "completeness_confirmed".to_owned(),
        ..TrailFilter::default()
    })
    .await;
    assert_eq!(hers.count, Count::exact(1));
    assert_eq!(hers.rows[0].who, "Rosa");
    assert_eq!(hers.rows[0].change, "Completeness → Review");
    let none = look(TrailFilter {
        from: "2030-01-01".to_owned(),
        ..TrailFilter::default()
    })
    .await;
    assert_eq!((none.count, none.rows.len()), (Count::exact(0), 0));
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

/// The report of a case as compliance gets it, as a reader's program gets the text out: without its
/// spaces, for lines are broken where there is room.
async fn report_of(desk: &Desk, compliance: &Caller, case: CaseNumber) -> String {
    let format = Format::Pdf(Paper::A4);
    let copy = export_case(desk, compliance, case, format).await.unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("case.pdf");
    std::fs::write(&file, bytes(copy).await).unwrap();
    if let Ok(keep) = std::env::var("KEEP_REPORTS") {
        std::fs::copy(&file, format!("{keep}/{case}.pdf")).unwrap();
    }
    let output = Command::new("pdftotext")
        .args([file.to_str().unwrap(), "-"])
        .output()
        .expect("pdftotext is needed (Debian: poppler-utils)");
    packed(&String::from_utf8_lossy(&output.stdout))
}

fn packed(text: &str) -> String {
    text.split_whitespace().collect()
}

#[track_caller]
fn assert_said<'a>(report: &str, texts: impl IntoIterator<Item = &'a str>) {
    for text in texts {
        assert!(report.contains(&packed(text)), "{text} is not in {report}");
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_report_of_a_case_has_its_questions_findings_and_what_became_of_them(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let cast = &story.cast;
    let asked = story
        .case_in(AccessLevel::Full, StateKind::Clarification)
        .await;
    let question = story.case(asked).await.questions.remove(0).id;
    let answers = vec![Answered {
        question,
        text: "People with diabetes; 糖尿病の方。".to_owned(),
    }];
    let answer = Action::AnswerClarification {
        answers,
        submission: None,
    };
    story.step(&cast.owner, asked, answer).await;
    let report = report_of(&story.desk, &story.cast.compliance, asked).await;
    let answered_by = format!("Answered by {}", cast.owner.name);
    assert_said(
        &report,
        [
            "Who are the users?",
            "People with diabetes; 糖尿病の方。",
            &answered_by,
            "Findings None.",
            "Not checked",
            "Decision None.",
        ],
    );

    let corrected = story
        .case_in(AccessLevel::Limited, StateKind::Corrections)
        .await;
    let finding = story.case(corrected).await.findings.remove(0);
    let responses = vec![Response {
        finding: finding.id,
        text: "The market is named on page 2 now.".to_owned(),
    }];
    let resubmit = Action::Resubmit {
        responses,
        submission: None,
    };
    story.step(&cast.owner, corrected, resubmit).await;
    let waive = Action::WaiveFinding {
        finding: finding.id,
        reason: Internal::written("It is one market alone."),
    };
    story.step(&cast.lead, corrected, waive).await;
    let report = report_of(&story.desk, &story.cast.compliance, corrected).await;
    let response = format!("Response: {}", cast.owner.name);
    let waived = format!("Accepted as it is: {}", cast.lead.name);
    assert_said(
        &report,
        [
            "The market is not named.",
            &response,
            "The market is named on page 2 now.",
            &waived,
            "It is one market alone.",
            "Now: accepted as it is",
        ],
    );
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_report_of_a_case_has_every_check_and_signature_with_its_hash(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let story = Story::begin(engine).await;
    let case = story.case_in(AccessLevel::Full, StateKind::Approved).await;
    let report = report_of(&story.desk, &story.cast.compliance, case).await;
    let read = story.desk.database.read();
    let known = story.desk.reference.known();
    let stored = story.case(case).await;
    let of_case = stored.id.0;
    let signed = signatures::Entity::find()
        .filter(signatures::Column::CaseId.eq(of_case))
        .all(read)
        .await
        .unwrap();
    assert!(!signed.is_empty());
    for row in &signed {
        let (document, signature) = (&row.document_sha256, &row.payload_sha256);
        assert_said(
            &report,
            [row.signer_name.as_str(), &row.meaning, document, signature],
        );
    }
    for kind in ListKind::ALL {
        let sheet = stored.sheet(*kind).unwrap();
        let template = &known.lists[&(*kind, sheet.version)];
        let heading = format!("{}, template version {}", kind.label(), sheet.version);
        assert_said(&report, [heading.as_str()]);
        assert_said(
            &report,
            template.items.iter().map(|item| item.label.as_str()),
        );
    }
    assert_said(
        &report,
        [
            "Evidence: Seen in the video.",
            "Good work.",
            "Business time in each stage",
            "Checkpoint passing.example/audit",
        ],
    );
    story.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_report_of_a_case_has_every_answer_and_file_with_the_hashes(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let bench = Bench::open(engine).await;
    let cyril = story::person(&bench.rig, "cyril", &[Role::Compliance]).await;
    let case = bench.start(AccessLevel::Full).await;
    bench.fill(case).await;
    let (name, bytes) = ("plan 計画.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n");
    bench
        .attach(case, "product_pdf", name, bytes)
        .await
        .unwrap();
    bench.submit(case).await.unwrap();
    let report = report_of(&bench.rig, &cyril, case).await;
    let read = bench.rig.database.read();
    let revision = submissions::Entity::find()
        .one(read)
        .await
        .unwrap()
        .unwrap();
    let files = attachments::Entity::find().all(read).await.unwrap();
    assert!(!files.is_empty());
    for file in &files {
        assert_said(&report, [file.name.as_str(), file.sha256.as_str()]);
    }
    assert_said(&report, [name, &revision.sha256, "Part of revision 1"]);
    let snapshot: Snapshot = serde_json::from_str(&revision.body).unwrap();
    let known = bench.rig.reference.known();
    let form = &known.forms[&snapshot.form_version];
    assert!(snapshot.answers.len() > 5);
    for (key, answer) in &snapshot.answers {
        let field = form.field(key).unwrap();
        assert_said(&report, [field.label.as_str(), &field.in_words(answer)]);
    }
    // What is attached beside an answer that is being written is its developer's until it is sent.
    let rosa = story::person(&bench.rig, "rosa", &[Role::Reviewer]).await;
    let act = |action| story::act(&bench.rig, &rosa, case, action);
    act(story::take(Seat::Case, &rosa)).await.unwrap();
    let id = QuestionId(new_id());
    act(Action::RequestClarification {
        questions: vec![Asked {
            id,
            pin: Pin::Case,
            text: workflow::Outward::written("Who reads it?"),
        }],
        due: bench.rig.now().plus(time::Duration::days(10)),
    })
    .await
    .unwrap();
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let beside = FilesOf::Answer(id).key();
    bench.attach(case, &beside, "waits.png", png).await.unwrap();
    let report = report_of(&bench.rig, &cyril, case).await;
    assert_said(&report, ["Who reads it?", name]);
    assert!(!report.contains(&packed("waits.png")), "{report}");
}
