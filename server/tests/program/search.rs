//! Search in the queue on the real program, without scripts.

use crate::support::{Browser, Demo, until};

/// A word of a question of the demo, and whom it is asked of by text alone.
const ASKED: &str = "/queue?view=all_open&q=answers+to+us+for+questions";

/// The page, once the worker has written what the demo's people did.
fn page_with(reader: &mut Browser, path: &str, wanted: &str) -> String {
    let mut body = String::new();
    until(|| {
        let page = reader.get(path);
        assert_eq!(page.status, 200, "{path}");
        body = page.body;
        body.contains(wanted)
    });
    body
}

#[test]
fn a_case_is_found_by_its_texts_and_the_line_is_shown() {
    let demo = Demo::start();
    let mut rosa = demo.signed_in("rosa");
    let page = page_with(&mut rosa, ASKED, "<mark>questions<");
    assert!(page.contains("Question"), "{page}");
    let nothing = rosa.get("/queue?view=all_open&q=unicorn");
    assert!(nothing.body.contains("Nothing fits these filters"));
    for strange in [
        "'%22%3Cscript%3Ealert(1)%3C/script%3E",
        "NEAR(a%20b)",
        "%F0%9F%99%82",
        "%00",
        "%FF",
        "a%27:*%26",
    ] {
        let page = rosa.get(&format!("/queue?view=all_open&q={strange}"));
        assert_eq!(page.status, 200, "{strange}");
        assert!(!page.body.contains("<script>alert"), "{strange}");
    }
}

#[test]
fn a_number_is_answered_first() {
    let demo = Demo::start();
    let mut rosa = demo.signed_in("rosa");
    let ended = rosa.get("/queue?view=ended").body;
    let start = ended.find("/cases/UD-").unwrap() + "/cases/".len();
    let number: String = ended[start..].chars().take_while(|c| *c != '"').collect();
    let page = rosa.get(&format!("/queue?view=all_open&q={number}")).body;
    let named = page.find("class=\"named-case\"").unwrap();
    assert!(page[named..].contains(&format!("/cases/{number}")));
    let bare = number.trim_start_matches("UD-");
    let page = rosa.get(&format!("/queue?view=all_open&q=00{bare}")).body;
    assert!(page.contains("class=\"named-case\""));
}
