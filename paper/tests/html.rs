//! The page of HTML says what the report says, and what it says stays text.

use paper::{Bar, Block, Checkpoint, Entry, EventLine, Head, Html, Report, Said, Section};
use std::collections::BTreeSet;
use time::OffsetDateTime;

/// A text that would be a program where it is not told as text.
fn hostile(of: &str) -> String {
    format!("{of} <script>\"'&</script>")
}

fn report() -> Report {
    Report {
        heading: hostile("heading"),
        subtitle: hostile("subtitle"),
        scope: hostile("scope"),
        facts: vec![("Holds", hostile("fact"))],
        checkpoint: Some(Checkpoint {
            note: hostile("note"),
            about: hostile("about"),
        }),
        sections: vec![
            Section {
                heading: hostile("section"),
                blocks: vec![
                    Block::Heading(hostile("block")),
                    Block::Text(hostile("text")),
                    Block::Facts(vec![(hostile("name"), hostile("value"))]),
                    Block::Bars(vec![Bar {
                        label: hostile("bar"),
                        said: hostile("time"),
                        length: 3,
                    }]),
                    Block::Entry(Entry {
                        title: hostile("entry"),
                        lines: vec![
                            Said::Note(hostile("who")),
                            Said::Text(hostile("said")),
                            Said::Hash("File".to_owned(), "ab12".to_owned()),
                            Said::Hash("Other".to_owned(), "cd34".to_owned()),
                            Said::Hash(hostile("of"), hostile("hash")),
                        ],
                    }),
                ],
            },
            Section {
                heading: "Empty".to_owned(),
                blocks: Vec::new(),
            },
        ],
        events: 1,
        total: 9,
        head: Head {
            seq: 9,
            hash: hostile("end"),
        },
        exported: hostile("exported"),
        exported_at: OffsetDateTime::UNIX_EPOCH,
    }
}

#[test]
fn whatever_a_report_says_is_text_on_its_page() {
    let mut page = Html::new(report(), BTreeSet::from(["ab12".to_owned()]));
    page.events(&[EventLine {
        seq: 7,
        at: hostile("at"),
        who: hostile("actor"),
        about: hostile("case"),
        what: hostile("what"),
        change: hostile("change"),
        reason: hostile("reason"),
        hash: hostile("digits"),
    }]);
    let page = page.finish();
    assert!(!page.contains("<script"), "{page}");
    for said in [
        "heading", "subtitle", "fact", "note", "about", "section", "block", "text", "name",
        "value", "bar", "time", "entry", "who", "said", "of", "hash", "end", "exported", "at",
        "actor", "case", "what", "change", "reason", "digits",
    ] {
        let said = format!("{said} &lt;script&gt;");
        assert!(page.contains(&said), "{said} is not on the page");
    }
    assert!(page.contains("<p class=\"note\">None.</p>"));
    assert!(page.contains("1 event of 9"));
    // A file that lies beside it is linked, and no other.
    assert_eq!(page.matches("href=\"../files/").count(), 1);
    assert!(page.contains("href=\"../files/ab12\""));
    // It asks for nothing from anywhere.
    assert!(page.contains("default-src 'none'") && !page.contains("src=\""));
}
