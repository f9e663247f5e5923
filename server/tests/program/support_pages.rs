//! Support on the real program, without scripts: what visitors read, what is shown before one asks,
//! and what only our side sees.

use crate::support::{Demo, linked};
use std::collections::BTreeSet;

/// A note that one of ours wrote on a request of the demo.
const NOTE: &str = "Before we raise anything they should spread it.";
const RELEASED: &str = "/support/articles/why-does-refreshing-a-token-fail-now-and-then";
const WAITING: &str = "/support/articles/why-is-an-hour-of-readings-missing-when-the-clocks-change";

#[test]
fn visitors_find_answers_and_how_to_register() {
    let demo = Demo::start();
    let mut visitor = demo.browser();
    let home = visitor.get("/support");
    assert_eq!(home.status, 200);
    assert!(home.body.contains("href=\"/register\""));
    assert!(home.body.contains(RELEASED));
    assert!(!home.body.contains(WAITING));
    let found = visitor.get("/support?q=refresh+token");
    assert!(found.body.contains(RELEASED));
    let nothing = visitor.get("/support?q=unicorn");
    assert!(!nothing.body.contains(RELEASED));
    assert_eq!(visitor.get(RELEASED).status, 200);
    assert_eq!(visitor.get(WAITING).status, 404);
    let new = visitor.get("/support/new");
    assert_eq!(new.status, 303);
    assert!(new.header("location").unwrap().starts_with("/sign-in"));
    assert_eq!(visitor.get("/support/queue").status, 303);
}

#[test]
fn similar_answers_stand_above_a_new_request() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let page = maya
        .get("/support/new?subject=refresh+of+my+token+fails")
        .body;
    let answer = page.find(RELEASED).unwrap();
    let form = page.find("action=\"/do/open_request\"").unwrap();
    assert!(answer < form);
    assert!(page.contains("value=\"refresh of my token fails\""));
    let page = maya.get("/support/new?subject=unicorns").body;
    assert!(!page.contains(RELEASED));
}

#[test]
fn what_was_asked_about_a_question_of_ours_becomes_its_answer() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let pages = linked(&maya.get("/support"), "/support/SR-");
    let asked = pages.into_iter().map(|page| maya.get(&page));
    let asked = asked
        .into_iter()
        .find(|page| page.body.contains("What do you mean by partners?"));
    let links = linked(&asked.unwrap(), "/applications/");
    let mut answers = links.iter().filter(|link| link.contains("/answer?from="));
    let link = answers.next().unwrap().replace("&amp;", "&");
    assert!(answers.next().is_some(), "both questions are open");
    let page = maya.get(&link);
    assert_eq!(page.status, 200);
    let words = "It is only the company that runs our servers.";
    assert_eq!(page.body.matches(words).count(), 1);
    // Somebody else's words come into no answer.
    let mut tomas = demo.signed_in("tomas");
    assert_eq!(tomas.get(&link).status, 404);
    let plain = link.split('?').next().unwrap();
    assert!(!tomas.get(plain).body.contains(words));
}

#[test]
fn a_note_stands_on_our_pages_and_on_none_of_the_developers() {
    let demo = Demo::start();
    let requests = |who: &str, start: &str| -> (usize, usize) {
        let mut browser = demo.signed_in(who);
        let list = browser.get(start);
        let pages: BTreeSet<String> = linked(&list, "/support/SR-");
        let read = pages.iter().map(|page| browser.get(page));
        let with_note = read.filter(|page| {
            assert_eq!(page.status, 200);
            page.body.contains(NOTE)
        });
        (with_note.count(), pages.len())
    };
    let (with_note, all) = requests("maya", "/support");
    assert_eq!((with_note, all), (0, 5));
    let (with_note, all) = requests("noor", "/support/queue?view=all_open");
    assert_eq!(with_note, 1);
    assert!(all > 3, "{all}");
    let mut stranger = demo.signed_in("yuki");
    assert_eq!(stranger.get("/support/SR-1001").status, 404);
    assert_eq!(stranger.get("/support/queue").status, 404);
}
