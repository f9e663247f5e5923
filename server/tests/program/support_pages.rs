//! Support on the real program, without scripts: what visitors read, what is shown before one asks,
//! and what only our side sees.

use crate::support::{Demo, controls::full_forms, linked};
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
    let form = page.find("action=\"/files/with/open_request\"").unwrap();
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

#[test]
fn answers_are_found_while_a_subject_is_typed_by_those_who_may_ask() {
    let demo = Demo::start();
    let path = "/support/answers?subject=refresh+of+my+token+fails";
    let mut maya = demo.signed_in("maya");
    let found = maya.get(path);
    assert_eq!(found.status, 200);
    assert!(found.body.contains(RELEASED), "{}", found.body);
    assert!(!found.body.contains("<html"), "{}", found.body);
    let none = maya.get("/support/answers?subject=%3Cb%3Eunicorns").body;
    assert!(none.contains("No answer is about this"), "{none}");
    assert!(!none.contains("<b>"), "{none}");
    // The page has the place in which they are shown.
    assert!(
        maya.get("/support/new")
            .body
            .contains("id=\"answers-found\"")
    );
    assert_eq!(demo.browser().get(path).status, 401);
    assert_eq!(demo.signed_in("noor").get(path).status, 403);
}

#[test]
fn a_canned_text_is_put_behind_what_was_typed_and_nothing_is_sent() {
    let demo = Demo::start();
    let mut noor = demo.signed_in("noor");
    let queue = noor.get("/support/queue?view=all_open");
    assert!(!queue.body.contains("/support/texts"));
    assert_eq!(noor.get("/support/texts").status, 403);
    let reply = |body: &str| {
        let forms = full_forms(body).into_iter();
        let mut replies = forms.filter(|form| form.action == "/files/with/reply_to_request");
        replies.next()
    };
    let (page, before) = linked(&queue, "/support/SR-")
        .into_iter()
        .map(|path| (noor.get(&path).body, path))
        .find_map(|(body, path)| reply(&body).is_some().then_some((path, body)))
        .unwrap();
    let form = reply(&before).unwrap();
    let canned = form.control("canned").unwrap();
    let id = canned.options.iter().find(|id| !id.is_empty()).unwrap();
    let mut put_in = |once: &str, chosen: &str| {
        let hidden = |name| form.hidden(name).unwrap_or_default();
        let answer = noor.post(
            &form.action,
            &[
                ("request", hidden("request")),
                ("version", hidden("version")),
                ("for", hidden("for")),
                ("form", hidden("form")),
                ("back", hidden("back")),
                ("once", once),
                ("canned", chosen),
                ("put_in", "yes"),
                ("text", "Good <day>."),
            ],
        );
        noor.follow(answer)
    };
    let shown = put_in(form.hidden("once").unwrap(), id);
    assert_eq!(shown.status, 200);
    assert!(shown.body.contains("Nothing has been sent yet"));
    let text = "Good &lt;day&gt;.\n\nHello ";
    assert!(shown.body.contains(text), "{}", shown.body);
    assert!(!shown.body.contains("{developer}"));
    // Without one chosen it is said at the list, and what was typed stays.
    let shown = put_in("01890000-0000-7000-8000-000000000001", "");
    assert_eq!(shown.status, 422);
    assert!(shown.body.contains("choose one of the list"));
    assert!(shown.body.contains("Good &lt;day&gt;."));
    let after = noor.get(&page).body;
    assert_eq!(
        after.matches("Hello ").count(),
        before.matches("Hello ").count()
    );

    let mut dana = demo.signed_in("dana");
    let texts = dana.get("/support/texts");
    assert!(texts.body.contains("Times are in UTC"));
}
