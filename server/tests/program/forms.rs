//! Every form that the pages of the demo show, found by walking them: each is refused, and what was
//! typed must be on the page that comes back, on the real program over the network.

use crate::support::{
    Demo,
    browser::{Answer, Browser},
    controls::{
        Control, FullForm, Kind, full_forms, ids, labels, summary_lines, summary_links,
        texts_to_copy,
    },
    walk::{Seen, browser_of, walk},
};
use std::collections::{BTreeMap, BTreeSet};

/// Steps that end or change the session in which the others are tried.
const OF_SESSIONS: [&str; 3] = ["/do/demo_sign_in", "/do/sign_out", "/do/close_account"];

/// A form of a page.
pub struct Found {
    pub reader: &'static str,
    pub page: String,
    pub form: FullForm,
}

/// What tells kinds of forms apart: the step and the names of its fields, without ids.
fn kind_of(form: &FullForm) -> String {
    let names: BTreeSet<String> = form
        .controls
        .iter()
        .filter(|control| control.is_typed())
        .map(|control| {
            if uuid::Uuid::parse_str(&control.name).is_ok() {
                "ID".to_owned()
            } else {
                control.name.clone()
            }
        })
        .collect();
    format!("{} {names:?}", form.action)
}

/// One form of each kind with something to fill in, from all pages that links lead to.
fn every_form(demo: &Demo) -> Vec<Found> {
    let mut found = all_forms(demo);
    found.retain(|found| found.form.controls.iter().any(Control::is_typed));
    found
}

/// One form of each kind, from all pages that links lead to.
pub fn all_forms(demo: &Demo) -> Vec<Found> {
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    walk(demo, |Seen { reader, path, page }| {
        for form in full_forms(&page.body) {
            if !OF_SESSIONS.contains(&form.action.as_str()) {
                found.entry(kind_of(&form)).or_insert(Found {
                    reader,
                    page: path.to_owned(),
                    form,
                });
            }
        }
    });
    found.into_values().collect()
}

/// What is sent: the form as it stands, with something of ours in each control that is filled in.
struct Filled {
    pairs: Vec<(String, String)>,
    /// By name, what must come back.
    expected: BTreeMap<String, Vec<String>>,
    secrets: Vec<String>,
}

fn fill(form: &FullForm, length: usize) -> Filled {
    let mut filled = Filled {
        pairs: Vec::new(),
        expected: BTreeMap::new(),
        secrets: Vec::new(),
    };
    for (index, control) in form.controls.iter().enumerate() {
        let typed = format!("typed-{index} <b>&amp;\"'");
        let values = match control.kind {
            Kind::File => continue,
            Kind::Hidden => control.values.clone(),
            Kind::Text => vec![format!("{typed}{}", "x".repeat(length))],
            Kind::Password => {
                let secret = format!("secret-{index}-{}", "p".repeat(length.min(80)));
                filled.secrets.push(secret.clone());
                vec![secret]
            }
            Kind::Select | Kind::Radio => control.options.last().cloned().into_iter().collect(),
            // The last box alone: what was ticked before must stay away.
            Kind::Checkbox => control.options.last().cloned().into_iter().collect(),
        };
        if control.is_typed() && control.kind != Kind::Password {
            filled.expected.insert(control.name.clone(), values.clone());
        }
        for value in values {
            filled.pairs.push((control.name.clone(), value));
        }
    }
    filled.pairs.extend(form.button.clone());
    filled
}

fn send(browser: &mut Browser, form: &FullForm, filled: &Filled) -> Answer {
    let pairs: Vec<(&str, &str)> = filled
        .pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    browser.post(&form.action, &pairs)
}

/// Everything that was typed is in the form again, and no secret is on the page.
fn assert_typed(what: &str, page: &Answer, form: &FullForm, filled: &Filled) -> FullForm {
    let back = full_forms(&page.body)
        .into_iter()
        .find(|back| back.id == form.id)
        .unwrap_or_else(|| panic!("{what}: the form is not on the page\n{}", page.body));
    for (name, values) in &filled.expected {
        let control = back
            .control(name)
            .unwrap_or_else(|| panic!("{what}: {name} is gone"));
        assert_eq!(&control.values, values, "{what}: {name}");
    }
    for secret in &filled.secrets {
        assert!(!page.body.contains(secret.as_str()), "{what}: a secret");
    }
    back
}

/// Something is wrong with a control, it says what, and the summary leads to it.
fn assert_said(what: &str, page: &Answer, back: &FullForm) {
    let ids = ids(&page.body);
    let wrong: Vec<&Control> = back
        .controls
        .iter()
        .filter(|control| control.is_invalid)
        .collect();
    assert!(
        !wrong.is_empty(),
        "{what}: no control is marked\n{}",
        page.body
    );
    let links = summary_links(&page.body);
    for link in &links {
        assert!(ids.contains(link), "{what}: #{link} leads nowhere");
    }
    for control in wrong {
        let problem = format!("{}-problem", control.id);
        assert!(
            control.described_by.split(' ').any(|id| id == problem) && ids.contains(&problem),
            "{what}: {} does not say what is wrong",
            control.name
        );
        assert!(
            links.contains(&control.id),
            "{what}: the summary does not lead to {}: {links:?}",
            control.name
        );
    }
}

/// What is wrong with the summary of a page: each line begins with what stands at its field and with
/// no other name of it, no two are the same, and they stand in the order of the page.
fn faults_of_summary(what: &str, page: &Answer) -> Vec<String> {
    let (lines, labels) = (summary_lines(&page.body), labels(&page.body));
    let mut faults = Vec::new();
    if lines.is_empty() {
        faults.push(format!("{what}: no summary"));
    }
    let mut said = BTreeSet::new();
    let mut places = Vec::new();
    for (to, text) in &lines {
        if !said.insert(text) {
            faults.push(format!("{what}: \"{text}\" twice"));
        }
        if to.is_empty() {
            continue;
        }
        let label = labels
            .get(to)
            .map_or("nothing stands there", String::as_str);
        let is_name = |name: &str| name.len() < 24 && name.starts_with(char::is_uppercase);
        let rest = text.strip_prefix(label);
        let again = rest.and_then(|rest| rest.trim_start_matches([':', ' ']).split_once(": "));
        if rest.is_none() || again.is_some_and(|(name, _)| is_name(name)) {
            faults.push(format!("{what}: \"{text}\" is said of \"{label}\""));
        }
        places.push(page.body.find(&format!(" id=\"{to}\"")));
    }
    if !places.is_sorted() {
        faults.push(format!("{what}: in another order: {lines:?}"));
    }
    faults
}

/// Readers of the developer's side.
const DEVELOPERS: [&str; 3] = ["", "maya", "sam"];

/// The form with nothing in it, as far as that is somebody's to say.
fn emptied(form: &FullForm) -> Filled {
    let mut pairs = Vec::new();
    for control in &form.controls {
        let values = match control.kind {
            Kind::File | Kind::Radio | Kind::Checkbox => continue,
            Kind::Hidden | Kind::Select => control.values.clone(),
            Kind::Text | Kind::Password => vec![String::new()],
        };
        let named = values
            .into_iter()
            .map(|value| (control.name.clone(), value));
        pairs.extend(named);
    }
    pairs.extend(form.button.clone());
    Filled {
        pairs,
        expected: BTreeMap::new(),
        secrets: Vec::new(),
    }
}

#[test]
fn of_every_form_of_developers_that_is_left_empty_all_that_is_missing_is_said_at_once() {
    let demo = Demo::start();
    let mut refused = BTreeSet::new();
    let mut later = Vec::new();
    for Found { reader, page, form } in every_form(&demo) {
        let what = format!("{} on {page} as {reader:?}", form.action);
        let mut browser = browser_of(&demo, reader);
        browser.get(&page);
        let answer = send(&mut browser, &form, &emptied(&form));
        if answer.status != 303 || !answer.header("location").unwrap().contains("kept=") {
            continue;
        }
        let shown = browser.follow(answer);
        let forms = full_forms(&shown.body);
        let Some(back) = forms.iter().find(|back| back.id == form.id) else {
            continue;
        };
        if !back.controls.iter().any(|control| control.is_invalid) {
            continue;
        }
        later.extend(faults_of_summary(&what, &shown));
        for control in &back.controls {
            let is_written = matches!(control.kind, Kind::Text | Kind::Password);
            // Whoever signs in is not told which of the two is wrong.
            let is_asked = DEVELOPERS.contains(&reader) && form.action != "/do/sign_in";
            if is_asked && is_written && control.is_required && !control.is_invalid {
                later.push(format!("{what}: {} is said later", control.name));
            }
        }
        refused.insert(form.action.clone());
    }
    assert_eq!(later, Vec::<String>::new(), "not said, or not so");
    assert!(refused.len() >= 15, "{refused:?}");
}

#[test]
fn every_form_that_is_refused_comes_back_with_what_was_typed_and_what_is_wrong_with_it() {
    let demo = Demo::start();
    let found = every_form(&demo);
    let steps: BTreeSet<&str> = found.iter().map(|one| one.form.action.as_str()).collect();
    assert!(steps.len() >= 20, "{steps:?}");
    let mut secrets = Vec::new();
    let mut faults = Vec::new();
    for Found { reader, page, form } in &found {
        let what = format!("{} on {page} as {reader:?}", form.action);
        let mut browser = browser_of(&demo, reader);
        let mut refused = None;
        // Longer than any field takes, whatever its limit is.
        for length in [12_000, 30_000, 600_000] {
            browser.get(page);
            let filled = fill(form, length);
            let answer = send(&mut browser, form, &filled);
            assert_eq!(answer.status, 303, "{what}: {}", answer.body);
            if answer.header("location").unwrap().contains("kept=") {
                refused = Some((answer, filled));
                break;
            }
        }
        let Some((answer, filled)) = refused else {
            // Nothing but boxes: nothing there can be wrong.
            let only_boxes = form
                .controls
                .iter()
                .all(|control| control.kind != Kind::Text);
            assert!(only_boxes, "{what}: it was carried out");
            continue;
        };
        let shown = browser.follow(answer);
        assert!(
            (400..500).contains(&shown.status),
            "{what}: {}",
            shown.status
        );
        let back = assert_typed(&what, &shown, form, &filled);
        if form
            .controls
            .iter()
            .any(|control| control.kind == Kind::Text)
        {
            assert_said(&what, &shown, &back);
            faults.extend(faults_of_summary(&what, &shown));
        }
        secrets.extend(filled.secrets);
    }
    assert_eq!(faults, Vec::<String>::new());
    assert!(!secrets.is_empty());
    let kept = demo.kept_forms();
    assert!(kept.len() > 20, "{} forms", kept.len());
    for row in kept {
        for secret in &secrets {
            assert!(!row.contains(secret.as_str()), "a secret is kept: {row}");
        }
    }
}

#[test]
fn whoever_signs_in_again_finds_what_they_typed_and_nobody_else_does() {
    let demo = Demo::start();
    let found = every_form(&demo);
    let mut saved = 0;
    for Found { reader, page, form } in &found {
        if reader.is_empty() {
            continue;
        }
        let what = format!("{} on {page} as {reader}", form.action);
        let mut browser = demo.signed_in(reader);
        browser.get(page);
        let mut filled = fill(form, 0);
        if form.action.ends_with("/edit_draft") {
            filled.pairs.retain(|(name, _)| name != "go");
        }
        browser.forget_cookie("ud");
        let answer = send(&mut browser, form, &filled);
        let location = answer.header("location").unwrap_or_default().to_owned();
        assert!(location.starts_with("/sign-in?next="), "{what}: {location}");
        let sign_in = browser.follow(answer);
        assert_eq!(sign_in.status, 200, "{what}");
        assert!(!sign_in.body.contains("typed-"), "{what}: shown to nobody");
        let next = full_forms(&sign_in.body)
            .iter()
            .find_map(|form| form.hidden("next").map(str::to_owned))
            .unwrap();
        let enter = |username: &str| {
            let mut copy = browser.clone();
            let fields = [("username", username), ("next", next.as_str())];
            let answer = copy.post("/do/demo_sign_in", &fields);
            copy.follow(answer)
        };
        let other = if *reader == "anders" {
            "lena"
        } else {
            "anders"
        };
        let theirs = enter(other);
        assert!(!theirs.body.contains("typed-"), "{what}: shown to {other}");
        let own = enter(reader);
        assert_eq!(own.status, 200, "{what}: {}", own.body);
        assert!(!own.body.contains("Sign in first"), "{what}");
        assert_typed(&what, &own, form, &filled);
        if form.action.ends_with("/edit_draft") {
            assert!(own.body.contains("is saved now"), "{what}");
            let again = demo.signed_in(reader).get(page);
            assert_typed(&what, &again, form, &filled);
            saved += 1;
        }
    }
    assert!(saved > 0, "a draft was among them");
}

/// The first page of one of these readers that has the form of a step.
fn page_with(demo: &Demo, action: &str) -> Option<Found> {
    every_form(demo)
        .into_iter()
        .find(|found| found.form.action == action)
}

#[test]
fn a_section_that_was_saved_in_another_tab_shows_both_texts() {
    let demo = Demo::start();
    let found = page_with(&demo, "/do/edit_draft").unwrap();
    let mut browser = demo.signed_in(found.reader);
    let old = browser.get(&found.page);
    let new = browser.get(&found.page);
    let form_of = |page: &Answer| {
        let forms = full_forms(&page.body);
        forms.into_iter().find(|form| form.id == "section").unwrap()
    };
    let text = |form: &FullForm| {
        let control = form.controls.iter().find(|one| one.kind == Kind::Text);
        control.unwrap().name.clone()
    };
    let name = text(&form_of(&old));
    let typed = |page: &Answer, says: &str| {
        let form = form_of(page);
        let mut filled = fill(&form, 0);
        for (field, value) in &mut filled.pairs {
            if *field == name {
                *value = says.to_owned();
            }
        }
        filled.expected.insert(name.clone(), vec![says.to_owned()]);
        (form, filled)
    };
    let (form, filled) = typed(&new, "what the new tab says");
    assert_eq!(send(&mut browser, &form, &filled).status, 303);
    let (form, filled) = typed(&old, "what the old tab says");
    let answer = send(&mut browser, &form, &filled);
    let shown = browser.follow(answer);
    assert_eq!(shown.status, 409);
    let back = assert_typed("the old tab", &shown, &form, &filled);
    assert_said("the old tab", &shown, &back);
    assert!(shown.body.contains("what the new tab says"));
    // Sent once more it is what counts.
    let again = fill_with(&back, &name, "what the old tab says");
    assert_eq!(send(&mut browser, &back, &again).status, 303);
    let page = browser.get(&found.page);
    assert!(page.body.contains("what the old tab says"));
}

fn fill_with(form: &FullForm, name: &str, says: &str) -> Filled {
    let mut filled = fill(form, 0);
    for (field, value) in &mut filled.pairs {
        if field == name {
            *value = says.to_owned();
        }
    }
    filled
}

#[test]
fn what_was_typed_about_a_case_that_has_ended_meanwhile_stands_in_a_box_to_copy() {
    let demo = Demo::start();
    let found = page_with(&demo, "/do/approve").unwrap();
    let mut approver = demo.signed_in(found.reader);
    approver.get(&found.page);
    let case = found.page.split(['/', '?']).nth(2).unwrap();
    let mut withdrawn = false;
    for username in ["maya", "sam"] {
        let mut developer = demo.signed_in(username);
        let page = developer.get(&format!("/applications/{case}/withdraw"));
        if let Some(form) = full_forms(&page.body)
            .into_iter()
            .find(|form| form.action == "/do/withdraw")
        {
            let answer = send(&mut developer, &form, &fill(&form, 0));
            withdrawn |= developer.follow(answer).status == 200;
        }
    }
    assert!(withdrawn, "{case} was not withdrawn");
    let filled = fill_with(&found.form, "note", "Read with care,\nline two");
    let answer = send(&mut approver, &found.form, &filled);
    let shown = approver.follow(answer);
    assert!(!shown.body.contains("still in the form"));
    assert!(shown.body.contains("no longer on this page"));
    assert_eq!(texts_to_copy(&shown.body), ["Read with care,\nline two"]);
    for secret in &filled.secrets {
        assert!(!shown.body.contains(secret.as_str()));
    }
}

#[test]
fn a_page_that_was_opened_by_one_person_is_not_carried_out_by_another() {
    let demo = Demo::start();
    let found = page_with(&demo, "/do/create_app").unwrap();
    let mut browser = demo.signed_in(found.reader);
    browser.get(&found.page);
    let other = if found.reader == "maya" {
        "sam"
    } else {
        "maya"
    };
    browser.post("/do/demo_sign_in", &[("username", other)]);
    let before = demo.events();
    let answer = send(&mut browser, &found.form, &fill(&found.form, 0));
    let shown = browser.follow(answer);
    assert_eq!(shown.status, 403);
    assert!(shown.body.contains("Another person is signed in"));
    assert!(!shown.body.contains("typed-"));
    assert_eq!(demo.events(), before);
}

#[test]
fn words_of_others_in_an_address_are_not_shown_as_ours() {
    let demo = Demo::start();
    let mut browser = demo.signed_in("maya");
    for word in ["you-may-go-live", "Approved", "%3Cb%3E"] {
        let page = browser.get(&format!("/apps?done={word}"));
        assert_eq!(page.status, 200);
        assert!(
            !page.body.to_lowercase().contains("you may go live"),
            "{word}"
        );
        assert!(!page.body.contains("data-tone=\"done\""), "{word}");
    }
    // Also not our own words, to somebody else or on another page.
    let fields = [("name", "Notice"), ("description", "Shows what was done.")];
    let answer = browser.post("/do/create_app", &fields);
    let told = answer.header("location").unwrap_or_default().to_owned();
    assert!(told.contains("done=app-created."), "{told}");
    let says_so = |page: &Answer| page.body.contains("data-tone=\"done\"");
    assert!(says_so(&browser.get(&told)));
    assert!(!says_so(&demo.signed_in("maya").get(&told)));
    let (_, query) = told.split_once('?').expect("a notice");
    assert!(!says_so(&browser.get(&format!("/apps?{query}"))));
    for next in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/do/sign_out",
    ] {
        let fields = [("username", "maya"), ("next", next)];
        let answer = demo.browser().post("/do/demo_sign_in", &fields);
        assert_eq!(answer.header("location"), Some("/"), "{next}");
    }
}

#[test]
fn what_no_form_of_ours_can_have_sent_is_said_so() {
    let demo = Demo::start();
    let mut browser = demo.signed_in("dana");
    browser.accept = "application/json";
    for (fields, status) in [
        (vec![("person", "x"), ("seen", "1")], 400),
        (vec![("seen", "1")], 422),
        (
            vec![
                ("person", "01890000-0000-7000-8000-000000000000"),
                ("seen", "-"),
            ],
            400,
        ),
    ] {
        let answer = browser.post("/do/set_roles", &fields);
        assert_eq!(answer.status, status, "{fields:?}: {}", answer.body);
    }
    browser.accept = "text/html";
    browser.get("/admin/people");
    let answer = browser.post("/do/set_roles", &[("person", "x"), ("seen", "1")]);
    let shown = browser.follow(answer);
    assert_eq!(shown.status, 400);
    assert!(shown.body.contains("could not be read"));
}
