//! Pages as HTML, as their readers' clocks, and as what they call themselves where something is wrong.

use crate::support::{
    Demo,
    controls::{full_forms, links},
    linked,
    walk::{READERS, Seen, browser_of, walk, words_of},
};
use casework::{
    database::Database,
    entities::{audit_events, cases},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};
use workflow::{Event, checklist::Verdict};

#[path = "../../../casework/tests/desk/support/words.rs"]
mod words;

/// Everything between two texts, as often as it occurs.
fn all<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before)
        .skip(1)
        .filter_map(|rest| rest.split(after).next())
        .collect()
}

/// What is wrong with a page as a document.
fn document_fault(page: &str) -> Option<String> {
    if !page.trim_end().ends_with("</html>") || page.contains("<!>") {
        return Some("it is not one document".to_owned());
    }
    if all(page, "crossorigin=\"", "\"")
        .iter()
        .any(|origin| !origin.is_empty())
    {
        return Some("crossorigin".to_owned());
    }
    // Labels, errors and links lead to ids: none stands for two things.
    let mut ids = BTreeSet::new();
    if let Some(twice) = all(page, " id=\"", "\"")
        .into_iter()
        .find(|id| !ids.insert(*id))
    {
        return Some(format!("two things have the id {twice}"));
    }
    all(page, "<time ", "</time>").iter().find_map(|time| {
        let moment = all(time, "datetime=\"", "\"")[0];
        let is_read = moment.len() == 20 && moment.ends_with('Z');
        (!is_read).then(|| format!("no moment for machines: {moment}"))
    })
}

/// What the people of the demo wrote that our own sentences would not say; and the agreement, whose
/// text is signed by its hash.
const WRITTEN: [&str; 11] = [
    "type 1 diabetes",
    "Screen recording, from 01:12",
    "The recording shows it at 02:40",
    "Readings from 21:00 to 07:00 are read at 07:15",
    "dosing advice at 01:55",
    "between 02:00 and 03:00",
    "Between 01:00 and 02:00",
    "at 01:03",
    "At 01:00 all accounts",
    "400 invalid_grant",
    "is not mended within 14 days of our notice",
];

fn without_what_people_wrote(words: &str) -> String {
    WRITTEN.iter().fold(words.to_owned(), |words, written| {
        words.replace(written, "…")
    })
}

/// The keys of questions and items, with spaces: people read titles.
fn spaced_keys() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../casework/reference");
    let mut keys = Vec::new();
    for name in ["request_form", "completeness", "commercial", "technical"] {
        let text = fs::read_to_string(folder.join(format!("{name}.v1.json"))).unwrap();
        let found = all(&text, "\"key\": \"", "\"");
        keys.extend(
            found
                .iter()
                .map(|key| format!("“{}”", key.replace('_', " "))),
        );
    }
    assert!(keys.len() > 50, "{keys:?}");
    keys
}

/// A draft that is given up is discarded: nobody reviewed it.
fn draft_fault(path: &str, words: &str) -> Option<String> {
    let is_about = path.starts_with("/applications/")
        && ["Discard draft", "\nDraft\n"]
            .iter()
            .any(|said| words.contains(said));
    let said = ["Withdraw", "eview ends"]
        .iter()
        .find(|said| words.contains(**said))?;
    is_about.then(|| format!("“{said}” of a draft"))
}

/// What reviewers wrote to approvers alone, in proposals to decline, with the number of the case.
fn internal_texts(demo: &Demo) -> Vec<(i32, String)> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let database = Database::open(&demo.database(), 2).await.unwrap();
        let rows = cases::Entity::find().all(database.read()).await.unwrap();
        rows.into_iter()
            .filter_map(|row| {
                let case: workflow::Case = serde_json::from_str(&row.document).unwrap();
                Some((row.number, case.decline_proposal?.text.inside().to_owned()))
            })
            .collect()
    })
}

/// Everything that our side wrote for itself alone, whatever it is about.
fn written_inside(demo: &Demo) -> Vec<String> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let events = runtime.block_on(async {
        let database = Database::open(&demo.database(), 2).await.unwrap();
        let rows = audit_events::Entity::find().filter(audit_events::Column::CaseId.is_not_null());
        rows.all(database.read()).await.unwrap()
    });
    let inside = |event: Event| match event {
        Event::Assigned { note, .. } | Event::Released { note, .. } => vec![note],
        Event::FindingWaived { reason, .. }
        | Event::ItemChecked {
            verdict: Verdict::NotApplicable { reason },
            ..
        } => vec![reason],
        Event::Reopened {
            reason, although, ..
        } => vec![reason, although],
        Event::DeclineProposed { text, .. } => vec![text],
        Event::Approved { granted } => vec![granted.note],
        _ => Vec::new(),
    };
    events
        .iter()
        .filter_map(|row| {
            let body: serde_json::Value = serde_json::from_str(&row.body).ok()?;
            serde_json::from_value(body.get("event")?.clone()).ok()
        })
        .flat_map(inside)
        .map(|text| words_of(text.inside()).trim().to_owned())
        .filter(|text| text.len() >= SAYS_SOMETHING)
        .collect()
}

/// A text that is shorter could be anybody's.
const SAYS_SOMETHING: usize = 16;

/// Whose pages hold nothing of it.
const DEVELOPERS: [&str; 3] = ["", "maya", "sam"];

/// Such a text in a box: sent as it stands, it would become the developer's.
fn internal_fault(page: &str, internal: &[(i32, String)]) -> Option<String> {
    let forms = full_forms(page);
    let mut values = forms
        .iter()
        .flat_map(|form| &form.controls)
        .flat_map(|control| &control.values);
    let found = values.find(|value| internal.iter().any(|(_, text)| value.contains(text)))?;
    Some(format!("internal text in a box: {found}"))
}

#[test]
fn every_page_is_one_document_in_plain_words_with_one_clock_and_nothing_internal_in_a_box() {
    let demo = Demo::start();
    let internal = internal_texts(&demo);
    assert!(!internal.is_empty());
    let inside = written_inside(&demo);
    assert!(inside.len() >= 5, "{inside:?}");
    // Which of it our side has met: else nothing would be shown by its absence elsewhere.
    let mut read_by_us = BTreeSet::new();
    let keys = spaced_keys();
    let mut faults = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut letters = BTreeSet::new();
    walk(&demo, |Seen { reader, path, page }| {
        let words = without_what_people_wrote(&words_of(&page.body));
        let found = document_fault(&page.body)
            .or_else(|| words::fault(&words))
            .or_else(|| draft_fault(path, &words))
            .or_else(|| internal_fault(&page.body, &internal))
            .or_else(|| {
                let all = words_of(&page.body);
                let mut met = inside.iter().filter(|text| all.contains(text.as_str()));
                if DEVELOPERS.contains(&reader) {
                    return met.next().map(|text| format!("ours alone: {text}"));
                }
                read_by_us.extend(met.cloned());
                None
            })
            .or_else(|| {
                let key = keys.iter().find(|key| words.contains(key.as_str()))?;
                Some(format!("a raw key {key}"))
            });
        faults.extend(found.map(|fault| format!("{path} ({reader}): {fault}")));
        seen.insert(path.to_owned());
        if path == "/demo/mail" {
            letters.extend(linked(page, "/demo/mail/"));
        }
    });
    assert!(seen.len() > 200, "{} pages", seen.len());
    assert!(read_by_us.len() >= 3, "{read_by_us:?}");
    // Where it is decided on, it stands beside the box.
    let mut beside = 0;
    for approver in ["anders", "priya"] {
        let mut approver = demo.signed_in(approver);
        for (case, text) in &internal {
            let page = approver.get(&format!("/cases/UD-{case}/decline"));
            beside += usize::from(words_of(&page.body).contains(text));
            let fault = internal_fault(&page.body, &internal);
            faults.extend(fault.map(|fault| format!("UD-{case}: {fault}")));
        }
    }
    assert!(beside > 0, "no page to decline shows a proposal");
    let mut anybody = demo.browser();
    assert!(letters.len() > 20, "{} letters", letters.len());
    for letter in letters {
        let page = anybody.get(&format!("{letter}/html"));
        assert_eq!(page.status, 200, "{letter}");
        let fault = words::fault(&without_what_people_wrote(&words_of(&page.body)));
        faults.extend(fault.map(|fault| format!("{letter}: {fault}")));
    }
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn where_a_setting_is_one_every_page_and_letter_counts_one_thing() {
    let demo = Demo::start();
    let mut dana = demo.signed_in("dana");
    let page = dana.get("/admin/settings");
    let mut set = 0;
    for form in full_forms(&page.body) {
        let value = form.control("value");
        if form.action != "/do/set_setting" || value.is_none_or(|value| !value.options.is_empty()) {
            continue;
        }
        let hidden = |name| (name, form.hidden(name).unwrap_or_default());
        let carried = ["key", "seen", "for", "form", "once", "back"].map(hidden);
        let typed = [("value", "1"), ("reason", "To see how it reads")];
        let answer = dana.post(&form.action, &[&carried[..], &typed].concat());
        set += usize::from(dana.follow(answer).status == 200);
    }
    assert!(set > 20, "{set} settings are 1");
    let one_and_many = |text: &str| {
        let mut faults = text.lines().filter_map(words::fault);
        faults.find(|fault| fault.contains("one and many"))
    };
    let mut faults = BTreeSet::new();
    let mut ones = 0;
    let mut letters = BTreeSet::new();
    walk(&demo, |Seen { reader, path, page }| {
        let words = without_what_people_wrote(&words_of(&page.body));
        ones += words.matches("1 day").count();
        faults.extend(one_and_many(&words).map(|fault| format!("{path} ({reader}): {fault}")));
        if path == "/demo/mail" {
            letters.extend(linked(page, "/demo/mail/"));
        }
    });
    for letter in letters {
        let page = demo.browser().get(&format!("{letter}/html"));
        faults.extend(
            one_and_many(&without_what_people_wrote(&words_of(&page.body)))
                .map(|fault| format!("{letter}: {fault}")),
        );
    }
    assert!(ones > 5, "{ones} of them are met");
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// An address without what differs from one thing to the next.
fn kind_of(link: &str) -> String {
    let path = link.split(['?', '#']).next().unwrap_or_default();
    let segments = path.split('/').map(|segment| {
        let names_one = segment.contains(|char: char| char.is_ascii_digit());
        if names_one { "…" } else { segment }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[test]
fn no_link_of_any_page_leads_its_reader_to_nothing() {
    let demo = Demo::start();
    // Of each kind of link that a reader meets, two.
    let mut met: BTreeMap<(&str, String), BTreeMap<String, String>> = BTreeMap::new();
    walk(&demo, |Seen { reader, path, page }| {
        for link in links(&page.body) {
            if link.starts_with('/') && !link.starts_with("//") {
                let of_its_kind = met.entry((reader, kind_of(&link))).or_default();
                if of_its_kind.len() < 2 {
                    of_its_kind.insert(link, path.to_owned());
                }
            }
        }
    });
    assert!(met.len() > 300, "{} kinds of links", met.len());
    let mut faults = Vec::new();
    for reader in READERS {
        let mut browser = browser_of(&demo, reader);
        let of_the_reader = met.iter().filter(|((one, _), _)| *one == reader);
        for (link, on) in of_the_reader.flat_map(|(_, links)| links) {
            let status = browser.get(link).status;
            if status >= 400 {
                faults.push(format!("{link} on {on} ({reader}): {status}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_refused_page_says_so_in_its_title_and_a_fresh_one_does_not() {
    let demo = Demo::start();
    let mut visitor = demo.browser();
    let title = |body: &str| all(body, "<title>", "</title>")[0].to_owned();
    assert!(title(&visitor.get("/sign-in").body).starts_with("Sign in"));
    let refused = visitor.post(
        "/do/sign_in",
        &[
            ("username", "nobody"),
            ("password", "wrong"),
            ("back", "/sign-in"),
        ],
    );
    assert_eq!(refused.status, 303);
    let page = visitor.follow(refused);
    assert!(
        title(&page.body).starts_with("Error: Sign in"),
        "{}",
        title(&page.body)
    );
}
