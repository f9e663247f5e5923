//! Hostile text in every field that a person can fill, looked at wherever it is shown: pages, heads,
//! headers, mail, files and exports.

use crate::support::{
    Browser, Demo,
    browser::{Answer, Form, forms},
    pages,
};
use std::collections::{BTreeMap, BTreeSet};

/// The demo's cases, by number.
const CASES: std::ops::RangeInclusive<u32> = 1001..=1030;

/// Short, so that names take them too; and what must then stand nowhere.
const PAYLOADS: [(&str, &str); 9] = [
    (
        "</title><meta http-equiv=refresh content=0;url=//evil.example>",
        "<meta http-equiv=refresh",
    ),
    ("</textarea><script>alert(1)</script>", "<script>alert(1)"),
    ("--><img src=x onerror=alert(2)>", "<img src=x"),
    ("\"'><svg onload=alert(3)>", "<svg onload"),
    ("\" autofocus onfocus=\"alert(4)", "<\" autofocus onfocus="),
    (
        "javascript:alert(5)//https://a.example",
        "href=\"javascript:",
    ),
    (
        "x\r\nBcc: evil@evil.example\r\nSet-Cookie: ud=evil",
        // As text it may stand on lines of its own; what it must not become is looked at as headers.
        "",
    ),
    ("Glow\u{202e}gpj.exe", "\u{202e}"),
    ("Glow\0Inc", "\0"),
];

/// Steps that would shut the test's own people out.
const LEFT_ALONE: [&str; 8] = [
    "demo_sign_in",
    "sign_in",
    "sign_out",
    "disable_person",
    "enable_person",
    "set_roles",
    "leave_app",
    "remove_member",
];

/// What an honest person would type.
fn honest<'a>(field: &str, fixed: &'a str) -> &'a str {
    match field {
        name if name.contains("mail") || name == "person" => "someone@example.org",
        name if name.contains("url") || name.contains("website") || name.contains("link") => {
            "https://example.org/x"
        }
        name if name.contains("password") => "correct horse battery",
        name if name.contains("due") || name.contains("date") || name == "until" => "",
        "username" => "someone-new",
        _ => fixed,
    }
}

/// Which payload was typed into which field of which step.
type Typed = (String, String, &'static str);

#[derive(Default)]
struct Attack {
    /// What was carried out.
    taken: BTreeSet<Typed>,
    tries: BTreeMap<Typed, u32>,
}

fn assert_harmless(what: &str, answer: &Answer) {
    assert!(
        (200..500).contains(&answer.status),
        "{what}: {} {}",
        answer.status,
        answer.body
    );
    for (payload, forbidden) in PAYLOADS {
        assert!(
            forbidden.is_empty() || !answer.body.contains(forbidden),
            "{what}: {payload:?} in {}",
            answer.body
        );
    }
    assert!(answer.header("bcc").is_none(), "{what}");
    assert!(
        !answer
            .headers
            .iter()
            .any(|(name, value)| name == "set-cookie" && value.contains("evil")),
        "{what}"
    );
    if answer.body.starts_with("<!DOCTYPE") {
        assert_eq!(handlers(&answer.body), [""; 0], "{what}: {}", answer.body);
        // A page that only sends on has none.
        assert!(
            answer.body.matches("</title>").count() <= 1,
            "{what}: {}",
            answer.body
        );
    }
}

/// The attributes of a page's elements that would run a script; its own scripts are passed over.
fn handlers(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with("script") {
            rest = rest.split_once("</script>").map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let mut quoted = false;
        let end = rest.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let (tag, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        // Every other part stands between quotes.
        let outside = tag.split('"').step_by(2);
        let names = outside.flat_map(|part| part.split([' ', '=', '/']));
        found.extend(names.filter(|name| name.starts_with("on")));
    }
    found
}

#[test]
fn an_attribute_that_runs_a_script_is_found_and_text_that_looks_like_one_is_not() {
    let page =
        r#"<p title="x onload=1">onload=2 <b onclick="go()">" onfocus="3</b><script>onx</script>"#;
    assert_eq!(handlers(page), ["onclick"]);
    assert_eq!(handlers(r#"<i a="" onfocus="alert(4)">"#), ["onfocus"]);
}

impl Attack {
    /// The next payload for a field that has not been carried out, nor refused twice.
    fn next(&mut self, step: &str, field: &str) -> Option<Typed> {
        let all = PAYLOADS
            .iter()
            .map(|(payload, _)| (step.to_owned(), field.to_owned(), *payload));
        let mut open = all.filter(|typed| !self.taken.contains(typed));
        let typed = open.find(|typed| self.tries.get(typed).is_none_or(|tries| *tries < 2))?;
        *self.tries.entry(typed.clone()).or_default() += 1;
        Some(typed)
    }

    fn fill(&mut self, browser: &mut Browser, path: &str, form: &Form) {
        let step = form.action.rsplit('/').next().unwrap().to_owned();
        if LEFT_ALONE.contains(&step.as_str()) {
            return;
        }
        for field in &form.texts {
            while let Some(typed) = self.next(&step, field) {
                if !self.type_it(browser, path, form, typed) {
                    break;
                }
            }
        }
    }

    /// Sends the form anew with one payload; false where the page does not have it any more.
    fn type_it(&mut self, browser: &mut Browser, path: &str, form: &Form, typed: Typed) -> bool {
        let (_, field, payload) = &typed;
        // Each form is sent once: its key is new on each page.
        let page = browser.get(path);
        let Some(form) = forms(&page.body)
            .into_iter()
            .find(|one| one.action == form.action && one.texts == form.texts)
        else {
            return false;
        };
        let mut fields: Vec<(&str, &str)> = form
            .fixed
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        fields.extend(form.texts.iter().map(|name| match name == field {
            true => (name.as_str(), *payload),
            false => (name.as_str(), honest(name, "Said in good faith.")),
        }));
        let what = format!("{} {field} from {path}", form.action);
        let answer = browser.post(&form.action, &fields);
        let refused = answer
            .header("location")
            .is_some_and(|to| to.contains("kept="));
        let shown = browser.follow(answer);
        assert_harmless(&what, &shown);
        if !refused && shown.status < 300 {
            self.taken.insert(typed);
        }
        true
    }

    fn was_taken(&self, step: &str, field: &str, payload: &'static str) -> bool {
        let typed = (step.to_owned(), field.to_owned(), payload);
        self.taken.contains(&typed)
    }
}

fn paths() -> Vec<String> {
    let mut all = pages(1001);
    for number in CASES {
        all.push(format!("/cases/UD-{number}"));
        all.push(format!("/applications/UD-{number}"));
        for step in ["decline", "approve", "clarify", "reopen", "assign"] {
            all.push(format!("/cases/UD-{number}/{step}"));
        }
        for step in ["answer", "corrections", "withdraw", "check", "agreement"] {
            all.push(format!("/applications/UD-{number}/{step}"));
        }
    }
    all
}

/// Addresses of `start` that a page links to.
fn linked(page: &Answer, start: &str) -> BTreeSet<String> {
    let links = page.body.split("href=\"").skip(1);
    links
        .filter_map(|rest| rest.split('"').next())
        .filter(|href| href.starts_with(start))
        .map(str::to_owned)
        .collect()
}

#[test]
fn hostile_text_in_any_field_is_text_wherever_it_is_shown() {
    let demo = Demo::start();
    let mut attack = Attack::default();
    let paths = paths();
    for username in ["", "maya", "ito", "anders", "lena", "dana", "chen"] {
        let mut browser = match username {
            "" => demo.browser(),
            username => demo.signed_in(username),
        };
        let mut to_see = paths.clone();
        let apps = browser.get("/apps");
        for app in linked(&apps, "/apps/") {
            to_see.push(format!("{app}/edit"));
            to_see.push(format!("{app}/members"));
            to_see.push(app);
        }
        for path in &to_see {
            let page = browser.get(path);
            assert_harmless(&format!("{username} {path}"), &page);
            for form in forms(&page.body) {
                attack.fill(&mut browser, path, &form);
            }
        }
    }
    for (payload, _) in &PAYLOADS[..6] {
        let taken = &attack.taken;
        assert!(
            attack.was_taken("create_app", "name", payload),
            "{payload}: {taken:?}"
        );
        let fields = taken.iter().filter(|(_, _, typed)| typed == payload);
        assert!(fields.count() > 5, "{payload}: {taken:?}");
    }

    // Now everybody looks at everything, mail and exports too.
    for username in ["maya", "lena", "anders", "dana", "chen"] {
        let mut browser = demo.signed_in(username);
        let mut to_see = paths.clone();
        for list in ["/apps", "/queue?view=all", "/admin/people", "/demo/mail"] {
            let page = browser.get(list);
            for start in ["/apps/", "/cases/", "/admin/people/", "/demo/mail/"] {
                to_see.extend(linked(&page, start));
            }
        }
        for path in to_see {
            assert_harmless(&format!("{username} {path}"), &browser.get(&path));
            if path.starts_with("/demo/mail/") {
                let html = browser.get(&format!("{path}/html"));
                assert_harmless(&format!("{path}/html"), &html);
            }
        }
    }
    let mut compliance = demo.signed_in("chen");
    let csv = compliance.post("/audit/export.csv", &[]);
    assert_eq!(csv.status, 200, "{}", csv.body);
    let disposition = csv.header("content-disposition").unwrap();
    assert!(
        disposition.is_ascii() && disposition.matches('"').count() <= 2,
        "{disposition}"
    );
    assert_eq!(compliance.post("/audit/export.pdf", &[]).status, 200);
}
