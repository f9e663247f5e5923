//! What browsers send twice, late or in somebody else's session, on the real program.

use crate::{
    forms::all_forms,
    support::{
        Browser, Demo,
        browser::Answer,
        controls::{Control, FullForm, Kind, form_on, texts_to_copy},
        walk::browser_of,
    },
};

fn location(answer: &Answer) -> String {
    answer.header("location").unwrap_or_default().to_owned()
}

/// The form as somebody fills it in who has no wish but that it goes through.
fn filled(form: &FullForm, text: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for control in &form.controls {
        let values = match control.kind {
            Kind::File => continue,
            Kind::Hidden => control.values.clone(),
            // No text is an address.
            Kind::Text if control.name == "website" => vec![String::new()],
            Kind::Text if control.values.iter().all(String::is_empty) => vec![text.to_owned()],
            Kind::Text => control.values.clone(),
            Kind::Password => vec!["continuous glucose".to_owned()],
            Kind::Select | Kind::Radio | Kind::Checkbox => {
                control.options.last().cloned().into_iter().collect()
            }
        };
        pairs.extend(
            values
                .into_iter()
                .map(|value| (control.name.clone(), value)),
        );
    }
    pairs.extend(form.button.clone());
    pairs
}

fn send(browser: &mut Browser, form: &FullForm, pairs: &[(String, String)]) -> Answer {
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    browser.post(&form.action, &pairs)
}

#[test]
fn every_form_that_is_sent_twice_is_carried_out_once_and_leads_to_the_same_page() {
    let demo = Demo::start();
    let mut carried_out = Vec::new();
    for found in all_forms(&demo) {
        let (form, what) = (&found.form, &found.form.action);
        let mut browser = browser_of(&demo, found.reader);
        let pairs = filled(form, "Written by a test that clicks twice");
        let first = send(&mut browser, form, &pairs);
        // Only of what was carried out the browser's scripts are told to forget the text.
        let arrived = first.headers.iter().any(|(name, value)| {
            name == "set-cookie"
                && form
                    .hidden("once")
                    .is_some_and(|once| value.starts_with(&format!("arrived={once};")))
        });
        if first.status != 303 || location(&first).contains("kept") {
            assert!(!arrived, "{what}: {}", first.status);
            continue;
        }
        assert_eq!(arrived, form.hidden("once").is_some(), "{what}");
        let events = demo.events();
        let second = send(&mut browser, form, &pairs);
        assert_eq!(location(&second), location(&first), "{what}");
        if what != "/do/sign_in" {
            assert_eq!(demo.events(), events, "{what}: something happened twice");
        }
        carried_out.push(what.clone());
    }
    assert!(carried_out.len() >= 12, "{carried_out:?}");
}

#[test]
fn what_was_refused_and_left_goes_once_the_same_form_is_taken_from_its_page_opened_anew() {
    let demo = Demo::start();
    let left = |index: usize| format!("left by a test in form {index}:");
    let mut taken = Vec::new();
    for (index, found) in all_forms(&demo).into_iter().enumerate() {
        let form = &found.form;
        let is_text = |control: &&Control| control.kind == Kind::Text && control.name != "website";
        let Some(text) = form.controls.iter().find(is_text) else {
            continue;
        };
        let mut browser = browser_of(&demo, found.reader);
        let mut pairs = filled(form, "Written by a test that leaves a page");
        let well = pairs.clone();
        for (name, value) in &mut pairs {
            if *name == text.name {
                *value = format!("{}{}", left(index), "x".repeat(600_000));
            }
        }
        let refused = send(&mut browser, form, &pairs);
        if !location(&refused).contains("kept=") {
            continue;
        }
        let sent = send(&mut browser, form, &well);
        if sent.status != 303 || location(&sent).contains("kept") {
            continue;
        }
        taken.push((index, form.action.clone()));
    }
    assert!(taken.len() >= 8, "{taken:?}");
    let kept = demo.kept_forms();
    assert!(
        kept.iter().any(|row| row.contains("left by a test in")),
        "others wait"
    );
    for (index, action) in taken {
        let waits = kept.iter().any(|row| row.contains(&left(index)));
        assert!(!waits, "{action} is still kept");
    }
}

#[test]
fn another_text_under_a_spent_key_comes_back_to_be_looked_at() {
    let demo = Demo::start();
    let mut browser = demo.signed_in("maya");
    let page = browser.get("/apps/new");
    let form = form_on(&page, "/do/create_app");
    let first = send(&mut browser, &form, &filled(&form, "Morning"));
    assert!(location(&first).contains("/secret"), "{}", location(&first));
    let other = send(&mut browser, &form, &filled(&form, "Evening"));
    let shown = browser.follow(other);
    assert_eq!(shown.status, 409);
    assert!(shown.body.contains("What you sent now was not carried out"));
    let back = form_on(&shown, "/do/create_app");
    assert_eq!(back.control("name").unwrap().values, ["Evening"]);
    let again = send(&mut browser, &back, &filled(&back, "-"));
    assert!(location(&again).contains("/secret"), "{}", location(&again));
    assert_ne!(location(&again), location(&first));
}

#[test]
fn a_double_click_does_not_lose_a_new_secret() {
    let demo = Demo::start();
    let mut browser = demo.signed_in("maya");
    let page = browser.get("/apps/new");
    let form = form_on(&page, "/do/create_app");
    let pairs = filled(&form, "Clicked twice");
    // The browser throws the answer to the first click away, with its cookie.
    let mut aborted = browser.clone();
    let first = send(&mut aborted, &form, &pairs);
    let shown_first = aborted.follow(first);
    let second = send(&mut browser, &form, &pairs);
    let shown = browser.follow(second);
    let secret = |page: &Answer| {
        let at = page
            .body
            .find("<code")
            .unwrap_or_else(|| panic!("{}", page.body));
        let rest = &page.body[at..];
        rest[..rest.find("</code>").unwrap()].to_owned()
    };
    assert_eq!(shown.status, 200);
    assert_eq!(secret(&shown), secret(&shown_first));
}

/// A page with a form in which `reader` has typed when the session ends: where the browser is sent.
fn typed_too_late(browser: &mut Browser, text: &str) -> (FullForm, Answer) {
    let page = browser.get("/apps/new");
    let form = form_on(&page, "/do/create_app");
    let pairs = filled(&form, text);
    browser.forget_cookie("ud");
    let answer = send(browser, &form, &pairs);
    (form, answer)
}

fn sign_in(browser: &mut Browser, username: &str, next: &str) -> Answer {
    let answer = browser.post(
        "/do/demo_sign_in",
        &[("username", username), ("next", next)],
    );
    browser.follow(answer)
}

#[test]
fn what_was_typed_before_a_session_ended_is_found_however_one_signs_in_again() {
    let demo = Demo::start();
    let mut browser = demo.signed_in("maya");
    let (_, answer) = typed_too_late(&mut browser, "Typed too late");
    assert!(location(&answer).starts_with("/sign-in"));
    // By way of a new password, say: what the address said is lost.
    let page = sign_in(&mut browser, "maya", "");
    assert!(page.body.contains("Typed too late"), "{}", page.body);
    let form = form_on(&page, "/do/create_app");
    assert_eq!(form.control("name").unwrap().values, ["Typed too late"]);
    // Shown once; the next sign-in leads where it always does.
    browser.post("/do/sign_out", &[]);
    let page = sign_in(&mut browser, "maya", "");
    assert!(!page.body.contains("Typed too late"));
}

#[test]
fn what_was_typed_in_two_tabs_when_a_session_ended_is_found_in_each() {
    let demo = Demo::start();
    let mut browser = demo.signed_in("maya");
    let page = browser.get("/apps/new");
    let form = form_on(&page, "/do/create_app");
    let other = form_on(&browser.get("/apps/new"), "/do/create_app");
    browser.forget_cookie("ud");
    let first = send(
        &mut browser,
        &form,
        &filled(&form, "Typed in the first tab"),
    );
    let second = send(
        &mut browser,
        &other,
        &filled(&other, "Typed in the second tab"),
    );
    sign_in(&mut browser, "maya", "");
    for (answer, text) in [
        (&first, "Typed in the first tab"),
        (&second, "Typed in the second tab"),
    ] {
        let page = browser.get(&location(answer));
        let page = browser.follow(page);
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
}

#[test]
fn what_one_person_typed_while_another_was_signed_in_waits_for_the_first() {
    let demo = Demo::start();
    let mut browser = demo.signed_in("maya");
    let page = browser.get("/apps/new");
    let form = form_on(&page, "/do/create_app");
    sign_in(&mut browser, "anders", "");
    let answer = send(&mut browser, &form, &filled(&form, "By Maya alone"));
    let theirs = browser.follow(answer);
    assert!(!theirs.body.contains("By Maya alone"));
    browser.post("/do/sign_out", &[]);
    let page = sign_in(&mut browser, "maya", "");
    assert!(page.body.contains("By Maya alone"), "{}", page.body);
}

#[test]
fn nobody_can_leave_a_text_for_another_person() {
    let demo = Demo::start();
    let mut browser = demo.signed_in("maya");
    let page = browser.get("/apps/new");
    let form = form_on(&page, "/do/create_app");
    let mut pairs = filled(&form, "Left for somebody");
    for (name, value) in &mut pairs {
        if name == "for" {
            // The person is right, the rest is not the desk's.
            *value = format!("{}.{}", value.split('.').next().unwrap(), "0".repeat(64));
        }
    }
    browser.forget_cookie("ud");
    send(&mut browser, &form, &pairs);
    let page = sign_in(&mut browser, "maya", "");
    assert!(!page.body.contains("Left for somebody"));
}

#[test]
fn strangers_of_one_network_do_not_push_out_what_waits_for_a_person() {
    let demo = Demo::start();
    let mut browser = demo.signed_in("maya");
    typed_too_late(&mut browser, "Waits for Maya");
    for index in 0..80 {
        let username = format!("stranger-{index}");
        let fields = [("name", "x"), ("username", username.as_str())];
        demo.browser().post("/do/register", &fields);
    }
    let page = sign_in(&mut browser, "maya", "");
    assert!(page.body.contains("Waits for Maya"));
}

#[test]
fn a_section_that_is_being_compared_is_saved_by_its_button_alone() {
    let demo = Demo::start();
    let found = all_forms(&demo)
        .into_iter()
        .find(|found| found.form.action == "/do/edit_draft")
        .unwrap();
    let mut browser = demo.signed_in(found.reader);
    let (old, new) = (browser.get(&found.page), browser.get(&found.page));
    assert!(old.body.contains("class=\"autosave"));
    let form = form_on(&new, "/do/edit_draft");
    let mut pairs = filled(&form, "new");
    let text = form
        .controls
        .iter()
        .find(|control| control.kind == Kind::Text)
        .unwrap();
    let set = |pairs: &mut Vec<(String, String)>, says: &str| {
        for (name, value) in pairs {
            if *name == text.name {
                *value = says.to_owned();
            }
        }
    };
    set(&mut pairs, "new");
    assert_eq!(send(&mut browser, &form, &pairs).status, 303);
    let form = form_on(&old, "/do/edit_draft");
    let mut pairs = filled(&form, "old");
    set(&mut pairs, "old");
    let answer = send(&mut browser, &form, &pairs);
    let shown = browser.follow(answer);
    assert_eq!(shown.status, 409);
    assert!(!shown.body.contains("class=\"autosave"));
    // An automatic saving of any other page leaves what is kept where it is.
    let kept = demo.kept_forms();
    assert!(kept.iter().any(|kept| kept.contains("old")), "{kept:?}");
    assert!(texts_to_copy(&shown.body).is_empty());
}
