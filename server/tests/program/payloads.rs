//! Hostile text in every field that a person can fill, looked at wherever it is shown: pages, heads,
//! headers, mail, files and exports.

use crate::support::{
    Browser, CASES, Demo,
    browser::{Answer, Form, forms},
    linked, page_of_person, pages,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

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
const SHUT_OUT: [&str; 10] = [
    "demo_sign_in",
    "sign_in",
    "sign_out",
    "disable_person",
    "enable_person",
    "set_roles",
    "leave_app",
    "remove_member",
    "change_username",
    "close_account",
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

    /// Types each payload into each field of the form, unless its step is among those left alone.
    fn fill(&mut self, browser: &mut Browser, path: &str, form: &Form, left_alone: &[&str]) {
        let step = form.action.rsplit('/').next().unwrap().to_owned();
        if left_alone.contains(&step.as_str()) {
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

/// Sends pictures under hostile names to every place that takes one from this person; answers how
/// many were taken.
fn attach_files(browser: &mut Browser) -> usize {
    const PICTURE: &[u8] = include_bytes!("../../../stage/src/evening.png");
    browser.accept = "application/json";
    let mut taken = 0;
    for case in CASES {
        for (payload, _) in PAYLOADS {
            // As browsers write names into the head of a part.
            let name = payload
                .replace('"', "%22")
                .replace('\r', "%0D")
                .replace('\n', "%0A");
            let answer = browser.send_file(&format!("/files/UD-{case}/mockups"), &name, PICTURE);
            assert_harmless(&format!("{name} at UD-{case}"), &answer);
            taken += usize::from(answer.status == 201);
        }
    }
    browser.accept = "text/html";
    taken
}

/// Every row has the columns of the head, and no cell what was typed to hide or to end it.
fn assert_table(bytes: &[u8]) {
    let mut table = csv::Reader::from_reader(bytes);
    let columns = table.headers().unwrap().len();
    let mut rows = 0;
    for row in table.records() {
        let row = row.unwrap();
        assert_eq!(row.len(), columns, "{row:?}");
        assert!(
            !row.iter().any(|cell| cell.contains(['\u{202e}', '\0'])),
            "{row:?}"
        );
        rows += 1;
    }
    assert!(rows > 500, "{rows} rows");
}

/// The names in an object of a PDF: of its entries and of what they are.
fn names(object: &lopdf::Object, into: &mut BTreeSet<Vec<u8>>) {
    let entries = match object {
        lopdf::Object::Name(name) => {
            into.insert(name.clone());
            return;
        }
        lopdf::Object::Array(parts) => {
            return parts.iter().for_each(|part| names(part, into));
        }
        lopdf::Object::Dictionary(entries) => entries,
        lopdf::Object::Stream(stream) => &stream.dict,
        _ => return,
    };
    for (name, value) in entries {
        into.insert(name.clone());
        names(value, into);
    }
}

/// The text of a PDF has nothing that turns it round, and the file nothing that acts by itself.
fn assert_paper(pdf: &Answer) {
    assert_eq!(pdf.status, 200, "{}", pdf.body);
    let document = lopdf::Document::load_mem(&pdf.bytes).unwrap();
    let mut found = BTreeSet::new();
    for object in document.objects.values() {
        names(object, &mut found);
    }
    assert!(found.contains(b"Page".as_slice()), "{found:?}");
    for acts in ["JavaScript", "JS", "URI", "Launch", "OpenAction", "AA"] {
        assert!(!found.contains(acts.as_bytes()), "{acts} in a PDF");
    }
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("export.pdf");
    std::fs::write(&file, &pdf.bytes).unwrap();
    let output = Command::new("pdftotext")
        .args([file.to_str().unwrap(), "-"])
        .output()
        .expect("pdftotext is needed (Debian: poppler-utils)");
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.len() > 200, "{text}");
    assert!(!text.contains(['\u{202e}', '\0']), "{text}");
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
                attack.fill(&mut browser, path, &form, &SHUT_OUT);
            }
        }
    }
    // Signing in is tried by somebody who is not; what ends an account, on one that is not needed.
    let mut nobody = demo.browser();
    for form in forms(&nobody.get("/sign-in").body) {
        attack.fill(&mut nobody, "/sign-in", &form, &["demo_sign_in"]);
    }
    let mut admin = demo.signed_in("dana");
    let ben = page_of_person(&mut admin, "Ben Adeyemi");
    for step in ["set_roles", "disable_person", "enable_person"] {
        let page = admin.get(&ben);
        let form = forms(&page.body)
            .into_iter()
            .find(|form| form.action.ends_with(step))
            .unwrap_or_else(|| panic!("no {step} on {}", page.body));
        attack.fill(&mut admin, &ben, &form, &[]);
        // So that the next step has its form.
        if step != "set_roles" {
            let page = admin.get(&ben);
            if let Some(form) = forms(&page.body)
                .into_iter()
                .find(|form| form.action.ends_with(step))
            {
                let reason = [("reason", "No longer needed.")];
                let fields = form.fixed.iter().map(|(k, v)| (k.as_str(), v.as_str()));
                let fields: Vec<_> = fields.chain(reason).collect();
                admin.post(&form.action, &fields);
            }
        }
    }
    let developers = ["maya", "tomas", "eleni", "aisha", "sam", "yuki", "ines"];
    let files = developers.map(|username| attach_files(&mut demo.signed_in(username)));
    assert!(files.iter().sum::<usize>() > 20, "{files:?}");
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
    assert_table(&csv.bytes);
    let disposition = csv.header("content-disposition").unwrap();
    assert!(
        disposition.is_ascii() && disposition.matches('"').count() <= 2,
        "{disposition}"
    );
    assert_paper(&compliance.post("/audit/export.pdf", &[]));
    for case in CASES {
        let pdf = compliance.post(&format!("/cases/UD-{case}/report.pdf"), &[]);
        if pdf.status == 200 {
            assert_paper(&pdf);
        }
    }
}
