//! What stands on paper is whole, and can be read out again as it went in.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use paper::{EventLine, Head, Paper, Report, Signed, render};
use rstest::rstest;
use std::{path::Path, process::Command};
use time::OffsetDateTime;

const AT: &str = "22 Nov 2026, 14:02:09 UTC";

const NAMES: [&str; 5] = [
    "Rosa Reviewer",
    "伊藤 明",
    "Ελένη Παπαδοπούλου",
    "Олена Шевченко",
    "عائشة الزهراء",
];

fn event(seq: i64, who: &str, reason: &str) -> EventLine {
    EventLine {
        seq,
        at: AT.to_owned(),
        who: who.to_owned(),
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
        reason: reason.to_owned(),
        hash: "3fa912cd77e0b1c4".repeat(4),
    }
}

fn report(events: Vec<EventLine>) -> Report {
    Report {
        heading: "Case UD-1042".to_owned(),
        subtitle: "GlucoPal, Acme Health GmbH".to_owned(),
        scope: "UD-1042 · GlucoPal".to_owned(),
        facts: vec![
            ("Case", "UD-1042".to_owned()),
            ("App", "GlucoPal".to_owned()),
            (
                "Organisation",
                "Acme Health GmbH, 株式会社グルコース".to_owned(),
            ),
            ("Asks for", "Full Access".to_owned()),
            ("State", "Approved".to_owned()),
            ("Assignee", "伊藤 明".to_owned()),
        ],
        signatures: NAMES
            .iter()
            .take(3)
            .map(|name| Signed {
                name: (*name).to_owned(),
                capacity: "Managing director".to_owned(),
                meaning: "I accept the Data Licensing Agreement for the organisation".to_owned(),
                at: AT.to_owned(),
                document_sha256: "3fa912cd77e0b1c4".repeat(4),
                signature_sha256: "a1b2c3d4e5f60718".repeat(4),
                holds: true,
            })
            .collect(),
        events,
        total: 12_345,
        head: Head {
            seq: 12_345,
            hash: "77e0b1c43fa912cd".repeat(4),
        },
        exported: "Exported 22 Nov 2026, 14:02 UTC by Cyril".to_owned(),
        exported_at: OffsetDateTime::UNIX_EPOCH,
    }
}

fn many(events: i64) -> Vec<EventLine> {
    (1..=events)
        .map(|seq| {
            let reason = if seq % 10 == 3 {
                "The market is named in the privacy policy; 市場はプライバシーポリシーに記載されています。"
            } else {
                ""
            };
            event(seq, NAMES[usize::try_from(seq).unwrap() % 5], reason)
        })
        .collect()
}

/// Runs one of Debian's tools for PDF on a file. The test fails where it is not installed.
fn tool(name: &str, arguments: &[&str]) -> String {
    let output = Command::new(name)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{name} is needed (Debian: poppler-utils, qpdf): {error}"));
    assert!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The text of a report as a reader's program gets it out, without the marks that it puts around
/// what runs from right to left.
fn text_of(report: &Report, paper: Paper, file: &Path) -> String {
    std::fs::write(file, render(report, paper).unwrap()).unwrap();
    tool("pdftotext", &["-layout", file.to_str().unwrap(), "-"]).replace(
        |c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'),
        "",
    )
}

#[rstest]
#[case::a4(Paper::A4, "a4")]
#[case::letter(Paper::Letter, "letter")]
fn a_pdf_is_whole_and_its_names_are_readable(#[case] paper: Paper, #[case] word: &str) {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join(format!("{word}.pdf"));
    let text = text_of(&report(many(90)), paper, &file);
    let file = file.to_str().unwrap();
    if let Ok(keep) = std::env::var("KEEP_REPORTS") {
        std::fs::copy(file, format!("{keep}/{word}.pdf")).unwrap();
    }
    let told = tool("qpdf", &["--check", file]);
    assert!(
        told.contains("No syntax or stream encoding errors"),
        "{told}"
    );
    let fonts = tool("pdffonts", &[file]);
    let fonts: Vec<&str> = fonts.lines().skip(2).collect();
    assert_eq!(fonts.len(), 4, "{fonts:?}");
    for font in fonts {
        // Embedded, cut down, and with its characters.
        assert!(font.contains("yes yes yes"), "{font}");
    }
    for name in ["伊藤 明", "Ελένη", "Олена", "عائشة", "الزهراء", "株式会社"]
    {
        assert!(text.contains(name), "{name} is not in the text");
    }
    let pages = text.matches("Page ").count();
    assert!(pages > 2);
    assert!(text.contains(&format!("Page {pages} of {pages}")));
    assert!(text.matches("When (UTC)").count() >= pages - 2);
    assert!(text.contains("holds 90 events of 12345"));
}

#[rstest]
#[case::arabic("عائشة الزهراء")]
#[case::lam_alef("السلام عليكم والإسلام")]
#[case::hebrew("שלום עולם")]
#[case::combining_marks("Ame\u{301}lie")]
#[case::greek_and_cyrillic("Ελένη, Олена")]
#[case::japanese("株式会社グルコース")]
#[case::hyphen_and_its_kin("a-b a\u{2010}b a–b")]
fn text_comes_out_as_it_went_in(#[case] text: &str) {
    assert_eq!(fact_read_out(text), text);
}

/// pdftotext puts stretches of both directions one after another as they stand on the page, and the
/// space between two of them where it likes; the words are as they went in.
#[rstest]
#[case::arabic_indic_digits("الغرفة ١٢٣ الطابق ٤٥")]
#[case::european_digits_in_arabic("القرار رقم 2026")]
#[case::persian("گزارش ۱۴۰۵ پایان")]
#[case::hebrew_in_latin("signed by דנה לוי at noon")]
#[case::arabic_in_latin("signed by عائشة at noon")]
fn words_of_both_directions_come_out_as_they_went_in(#[case] text: &str) {
    let found = fact_read_out(text);
    for word in text.split(' ') {
        assert!(found.contains(word), "{word} is not in {found}");
    }
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    assert_eq!(letters(&found), letters(text), "and nothing else: {found}");
}

/// What is read out of a report that has this as a fact.
fn fact_read_out(text: &str) -> String {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("one.pdf");
    let mut one = report(vec![event(1, "Rosa", "")]);
    one.facts = vec![("Fact", text.to_owned())];
    let found = text_of(&one, Paper::A4, &file);
    if let Ok(keep) = std::env::var("KEEP_REPORTS") {
        std::fs::copy(&file, format!("{keep}/{}.pdf", text.len())).unwrap();
    }
    let line = found.lines().find_map(|line| line.split_once("Fact"));
    let (_, line) = line.unwrap_or_else(|| panic!("no such line in {found}"));
    line.trim().to_owned()
}

#[test]
fn the_signature_stands_there_with_name_time_and_meaning() {
    let folder = tempfile::TempDir::new().unwrap();
    let one = report(Vec::new());
    let text = text_of(&one, Paper::A4, &folder.path().join("one.pdf"));
    for signed in &one.signatures {
        let who = format!("{}, {}", signed.name, signed.capacity);
        assert!(text.contains(&who), "{who}");
        assert!(text.contains(&format!("{} · {}", signed.meaning, signed.at)));
    }
}
