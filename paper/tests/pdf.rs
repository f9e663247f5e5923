//! What stands on paper is whole, and can be read out again as it went in.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use paper::{Bar, Block, Checkpoint, Entry, EventLine, Head, Paper, Report, Said, Section, render};
use rstest::rstest;
use std::{path::Path, process::Command};
use time::OffsetDateTime;

const AT: &str = "22 Nov 2026, 14:02:09 UTC";

const MEANING: &str = "I accept the Data Licensing Agreement for the organisation";

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

fn report(events: &[EventLine]) -> Report {
    let said = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    Report {
        heading: "Case UD-1042".to_owned(),
        subtitle: "GlucoPal, Acme Health GmbH".to_owned(),
        scope: "UD-1042 · GlucoPal".to_owned(),
        facts: vec![("Scope", "the whole record of the case".to_owned())],
        checkpoint: None,
        sections: vec![
            Section {
                heading: "Case".to_owned(),
                blocks: vec![
                    Block::Facts(vec![
                        said("App", "GlucoPal"),
                        said("Organisation", "Acme Health GmbH, 株式会社グルコース"),
                        said("Assignee", "伊藤 明"),
                    ]),
                    Block::Heading("Time in each stage".to_owned()),
                    Block::Bars(vec![
                        Bar {
                            label: "Review".to_owned(),
                            said: "12 business days".to_owned(),
                            length: 12,
                        },
                        Bar {
                            label: "Clarification".to_owned(),
                            said: "3 hours".to_owned(),
                            length: 0,
                        },
                    ]),
                ],
            },
            Section {
                heading: "Findings".to_owned(),
                blocks: Vec::new(),
            },
            Section {
                heading: "Signatures".to_owned(),
                blocks: NAMES.iter().map(|name| signature(name)).collect(),
            },
        ],
        events: u64::try_from(events.len()).unwrap(),
        total: 12_345,
        head: Head {
            seq: 12_345,
            hash: "77e0b1c43fa912cd".repeat(4),
        },
        exported: "Exported 22 Nov 2026, 14:02 UTC by Cyril".to_owned(),
        exported_at: OffsetDateTime::UNIX_EPOCH,
    }
}

fn signature(name: &str) -> Block {
    Block::Entry(Entry {
        title: format!("{name}, Managing director"),
        lines: vec![
            Said::Text(MEANING.to_owned()),
            Said::Note(AT.to_owned()),
            Said::Hash(
                "SHA-256 of the signature".to_owned(),
                "a1b2c3d4e5f60718".repeat(4),
            ),
        ],
    })
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
fn text_of(report: Report, events: &[EventLine], paper: Paper, file: &Path) -> String {
    std::fs::write(file, render(report, events, paper).unwrap()).unwrap();
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
    let events = many(90);
    let text = text_of(report(&events), &events, paper, &file);
    keep(&file, word);
    let file = file.to_str().unwrap();
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
    // Cover, contents and the sections are two or three pages; the table is on all of the others.
    assert!(text.matches("When (UTC)").count() >= pages - 4);
    assert!(text.contains("holds 90 events of 12345"));
}

#[rstest]
#[case::arabic("عائشة الزهراء")]
#[case::lam_alef("السلام عليكم والإسلام")]
#[case::hebrew("שלום עולם")]
#[case::combining_marks("Ame\u{301}lie")]
#[case::greek_and_cyrillic("Ελένη, Олена")]
#[case::japanese("株式会社グルコース")]
#[case::chinese("临床试验数据共享协议，第二版。")]
#[case::korean("한국어로 쓴 사유입니다")]
#[case::korean_letters("\u{1112}\u{1161}\u{11AB}글 ㅋㅋ")]
#[case::devanagari("हिन्दी में कारण: क्षेत्र, श्री, र्कि, प्रार्थना")]
#[case::thai("ผู้ป่วยให้ความยินยอมแล้ว น้ำ ที่นี่")]
#[case::hyphen_and_its_kin("a-b a\u{2010}b a–b")]
#[case::no_font_has_it("tested \u{1F9EA} and \u{1F600}\u{1F600}, ბ ꙮ 𝒳")]
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
    let events = [event(1, "Rosa", "")];
    let mut one = report(&events);
    one.facts = vec![("Fact", text.to_owned())];
    let found = text_of(one, &events, Paper::A4, &file);
    keep(&file, &format!("{}", text.len()));
    let line = found.lines().find_map(|line| line.split_once("Fact"));
    let (_, line) = line.unwrap_or_else(|| panic!("no such line in {found}"));
    line.trim().to_owned()
}

/// Lays a report down to be looked at, where one wants to.
fn keep(file: &Path, name: &str) {
    if let Ok(folder) = std::env::var("KEEP_REPORTS") {
        std::fs::copy(file, format!("{folder}/{name}.pdf")).unwrap();
    }
}

#[test]
fn the_signature_stands_there_with_name_time_and_meaning() {
    let folder = tempfile::TempDir::new().unwrap();
    let text = text_of(report(&[]), &[], Paper::A4, &folder.path().join("one.pdf"));
    for name in [
        "Rosa Reviewer",
        "伊藤 明",
        "Ελένη Παπαδοπούλου",
        "Олена Шевченко",
    ] {
        let who = format!("{name}, Managing director");
        assert!(text.contains(&who), "{who}");
    }
    assert_eq!(text.matches(MEANING).count(), NAMES.len());
    assert_eq!(text.matches(AT).count(), NAMES.len());
    assert!(
        text.contains(&"a1b2c3d4e5f60718".repeat(4)),
        "a hash is whole"
    );
    assert!(text.contains("No event fits this report."));
}

#[test]
fn what_no_font_has_is_counted_on_the_cover() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("one.pdf");
    let events = [event(1, "Rosa", "\u{1F9EB} \u{1F9EA}")];
    let text = text_of(report(&events), &events, Paper::A4, &file);
    assert!(
        text.contains("2 characters are shown by code point"),
        "{text}"
    );
    let plain = [event(1, "Rosa", "한글 हिन्दी ไทย")];
    let text = text_of(report(&plain), &plain, Paper::A4, &file);
    assert!(!text.contains("by code point"), "{text}");
}

#[test]
fn the_contents_and_the_bookmarks_lead_to_the_pages() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("one.pdf");
    let events = many(2_500);
    let bytes = render(report(&events), &events, Paper::A4).unwrap();
    std::fs::write(&file, &bytes).unwrap();
    let document = lopdf::Document::load_mem(&bytes).unwrap();
    let pages = document.get_pages();
    let path = file.to_str().unwrap();
    let page_text = |page: u32| {
        let page = page.to_string();
        tool(
            "pdftotext",
            &["-layout", "-f", &page, "-l", &page, path, "-"],
        )
    };
    let contents = page_text(2);
    let outline = document.get_toc().unwrap();
    let titles: Vec<&str> = outline.toc.iter().map(|one| one.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Case",
            "Time in each stage",
            "Findings",
            "Signatures",
            "Events",
            "From event 1001",
            "From event 2001",
            "Chain head"
        ]
    );
    for one in &outline.toc {
        let page = u32::try_from(one.page).unwrap();
        let there = page_text(page);
        match one.title.strip_prefix("From event ") {
            Some(number) => assert!(there.contains(number), "{number} on {page}"),
            None => {
                assert!(there.contains(&one.title), "{} on {page}", one.title);
                let line = contents.lines().find(|line| line.contains(&one.title));
                let said = line.and_then(|line| line.split_whitespace().last());
                assert_eq!(said, Some(page.to_string().as_str()), "{contents}");
            }
        }
    }
    assert!(page_text(1).contains(&format!("Page 1 of {}", pages.len())));
    let page = document.get_dictionary(pages[&2]).unwrap();
    let annotations = page.get(b"Annots").unwrap().as_array().unwrap();
    assert_eq!(annotations.len(), 6, "a link for each line of the contents");
}

#[test]
fn a_checkpoint_is_printed_as_it_is() {
    let note = "desk.example/log\n12345\nqINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=\n\n\
                — desk.example/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5\n";
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("one.pdf");
    let mut one = report(&[]);
    one.checkpoint = Some(Checkpoint {
        note: note.to_owned(),
        about: "Cosigned by nobody.".to_owned(),
    });
    let text = text_of(one, &[], Paper::A4, &file);
    keep(&file, "checkpoint");
    for line in note.lines() {
        assert!(text.contains(line), "{line} is not in {text}");
    }
}

#[test]
fn nothing_is_lost_of_long_texts() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("one.pdf");
    let long: Vec<String> = (0..4_000).map(|nth| format!("w{nth}")).collect();
    let reason = long.join(" ");
    let events = [event(1, "Rosa", &reason), event(2, &"ж".repeat(80), "")];
    let mut one = report(&events);
    one.sections.push(Section {
        heading: "Submission".to_owned(),
        blocks: vec![
            Block::Facts(vec![("A question".to_owned(), reason.clone())]),
            Block::Entry(Entry {
                title: "One".to_owned(),
                lines: vec![Said::Text(reason)],
            }),
        ],
    });
    let text = text_of(one, &events, Paper::Letter, &file);
    keep(&file, "long");
    let words: Vec<&str> = text.split_whitespace().collect();
    for word in &long {
        let found = words.iter().filter(|found| *found == word).count();
        assert_eq!(found, 3, "{word}");
    }
    assert_eq!(text.matches('ж').count(), 80);
}
