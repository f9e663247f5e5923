//! What anybody reads without signing in.

use crate::support::{Browser, Demo, browser::Answer, walk::words_of};
use app::pages::open::OPEN_PAGES;
use std::collections::{BTreeMap, BTreeSet};

/// Addresses that links, letters and checks rely on.
const PROMISED: [&str; 8] = [
    "/",
    "/environments",
    "/scopes",
    "/sandbox",
    "/guides/limited-access",
    "/guides/full-access",
    "/agreements",
    "/support",
];

/// The text between two others.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

fn links(page: &Answer) -> BTreeSet<String> {
    let (_, main) = page.body.split_once("<main").unwrap();
    let main = main.split("</main>").next().unwrap();
    main.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|href| href.replace("&amp;", "&"))
        .collect()
}

/// Every address of the sitemap, without the site.
fn listed(visitor: &mut Browser) -> Vec<String> {
    let sitemap = visitor.get("/sitemap.xml");
    assert_eq!(sitemap.status, 200);
    assert_eq!(
        sitemap.header("content-type"),
        Some("application/xml; charset=utf-8")
    );
    sitemap
        .body
        .split("<loc>")
        .skip(1)
        .map(|rest| {
            let address = rest.split("</loc>").next().unwrap();
            let (_, rest) = address.split_once("://").unwrap();
            format!("/{}", rest.split_once('/').unwrap().1)
        })
        .collect()
}

#[test]
fn every_open_page_answers_a_visitor_with_title_description_and_one_heading() {
    let demo = Demo::start();
    let mut visitor = demo.browser();
    let (mut titles, mut descriptions) = (BTreeSet::new(), BTreeSet::new());
    for path in listed(&mut visitor) {
        let page = visitor.get(&path);
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.body.matches("<h1").count(), 1, "{path}");
        let title = between(&page.body, "<title>", "</title>").unwrap();
        assert!(titles.insert(title.to_owned()), "{path}: {title}");
        let description = between(&page.body, "name=\"description\" content=\"", "\"")
            .unwrap_or_else(|| panic!("{path} has no description"));
        assert!(
            (20..=300).contains(&description.chars().count()),
            "{path}: {description}"
        );
        assert!(
            descriptions.insert(description.to_owned()),
            "{path}: {description}"
        );
        let canonical = page
            .body
            .split("<link ")
            .find(|tag| tag.contains("canonical"))
            .and_then(|tag| between(tag, "href=\"", "\""))
            .unwrap_or_else(|| panic!("{path} has no canonical address"));
        assert!(canonical.ends_with(&path), "{path}: {canonical}");
    }
}

#[test]
fn the_sitemap_lists_what_is_promised_and_robots_names_it() {
    let demo = Demo::start();
    let mut visitor = demo.browser();
    let listed = listed(&mut visitor);
    let unique: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(unique.len(), listed.len(), "{listed:?}");
    for path in PROMISED {
        assert!(
            listed.iter().any(|it| it == path),
            "{path} is not in {listed:?}"
        );
    }
    let robots = visitor.get("/robots.txt");
    assert_eq!(robots.status, 200);
    assert!(robots.body.contains("/sitemap.xml"), "{}", robots.body);
    assert!(robots.body.contains("Disallow: /do/"), "{}", robots.body);
}

#[test]
fn the_checklists_are_a_file_whose_hash_the_page_shows() {
    let demo = Demo::start();
    let mut visitor = demo.browser();
    let file = visitor.get("/checklists.json");
    assert_eq!(file.header("content-type"), Some("application/json"));
    let sha256 = casework::digest::sha256(file.body.as_bytes());
    assert_eq!(file.header("etag"), Some(format!("\"{sha256}\"").as_str()));
    let page = visitor.get("/checklists");
    let pack: serde_json::Value = serde_json::from_str(&file.body).unwrap();
    let lists = pack["checklists"].as_array().unwrap();
    let items = lists
        .iter()
        .flat_map(|list| list["items"].as_array().unwrap());
    let labels: Vec<&str> = items.map(|item| item["label"].as_str().unwrap()).collect();
    assert!(labels.len() > 30, "{labels:?}");
    let words = words_of(&page.body);
    let (_, hash) = page.body.split_once("SHA-256").unwrap();
    let texts = hash.split('<').filter_map(|part| part.split_once('>'));
    let shown: String = texts
        .flat_map(|(_, text)| text.split_whitespace())
        .collect();
    assert!(shown.contains(&sha256), "{shown}");
    for label in labels {
        assert!(words.contains(label), "{label}");
    }
}

#[test]
fn the_foot_of_every_open_page_leads_to_all_of_them() {
    let demo = Demo::start();
    let mut visitor = demo.browser();
    let page = visitor.get("/");
    let (_, foot) = page.body.split_once("class=\"foot\"").unwrap();
    for (label, path) in OPEN_PAGES {
        assert!(foot.contains(&format!("href=\"{path}\"")), "{label}");
        assert_eq!(visitor.get(path).status, 200, "{path}");
    }
}

#[test]
fn links_of_open_pages_lead_to_real_pages_and_headings() {
    let demo = Demo::start();
    let mut visitor = demo.browser();
    let mut pages: BTreeMap<String, Answer> = BTreeMap::new();
    for start in listed(&mut visitor) {
        let page = visitor.get(&start);
        for link in links(&page) {
            if !link.starts_with(['/', '#']) {
                assert!(
                    link.starts_with("https://") || link.starts_with("mailto:"),
                    "{link}"
                );
                continue;
            }
            let (path, heading) = link.split_once('#').unwrap_or((&link, ""));
            let path = if path.is_empty() { &start } else { path };
            let found = pages
                .entry(path.to_owned())
                .or_insert_with(|| visitor.get(path));
            // What needs an account asks for the sign-in and comes back.
            assert!(
                [200, 303].contains(&found.status),
                "{start} links to {link}"
            );
            if !heading.is_empty() {
                let id = format!("id=\"{heading}\"");
                assert!(found.body.contains(&id), "{start} links to {link}");
            }
        }
    }
    assert!(pages.len() > 8, "{:?}", pages.keys());
}

#[test]
fn links_of_questions_and_items_lead_to_real_headings() {
    let demo = Demo::start();
    let mut compliance = demo.signed_in("chen");
    let mut visitor = demo.browser();
    let list = compliance.get("/admin/checklists");
    let templates: BTreeSet<String> = links(&list)
        .into_iter()
        .filter(|link| link.starts_with("/admin/checklists/"))
        .collect();
    assert!(templates.len() >= 4, "{templates:?}");
    let mut seen = 0;
    for template in templates {
        let page = compliance.get(&template);
        for link in links(&page).iter().filter(|link| link.contains('#')) {
            let (path, heading) = link.split_once('#').unwrap();
            let found = visitor.get(path);
            assert_eq!(found.status, 200, "{template} links to {link}");
            assert!(
                found.body.contains(&format!("id=\"{heading}\"")),
                "{template}: {link}"
            );
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn whoever_is_signed_in_goes_to_their_work_and_reads_the_same_pages() {
    let demo = Demo::start();
    let mut maya = demo.signed_in("maya");
    let start = maya.get("/");
    assert_eq!(
        (start.status, start.header("location")),
        (303, Some("/apps"))
    );
    let overview = maya.get("/guides");
    assert_eq!(overview.status, 200);
    assert!(overview.body.contains("The three levels"));
}

#[test]
fn an_account_is_shown_to_its_owner_and_asks_others_to_sign_in() {
    let demo = Demo::start();
    let visitor = demo.browser().get("/account");
    assert_eq!(visitor.status, 303);
    assert_eq!(visitor.header("location"), Some("/sign-in?next=/account"));
    let page = demo.signed_in("maya").get("/account");
    assert_eq!(page.status, 200);
    for words in ["Maya Lindqvist", "maya", "Acme Health"] {
        assert!(page.body.contains(words), "{words}");
    }
}

#[test]
fn an_admin_sees_a_preview_publishes_and_restores_without_scripts() {
    let demo = Demo::start();
    let mut admin = demo.signed_in("dana");
    let mut visitor = demo.browser();
    let path = "/admin/guides/scopes";
    let form = |page: &Answer, step: &str| {
        crate::support::browser::forms(&page.body)
            .into_iter()
            .find(|form| form.action == format!("/do/{step}"))
            .unwrap()
    };
    let text = "# Scopes of ours\n\nA scope is a kind of data, and there are four of them.\n\n## What {#what}\n\nA & B.\n\n## All {#all-or-none}\n\nAll.\n\n## Say so {#explain}\n\nSay.\n";
    let filled = |form: &crate::support::browser::Form, more: &[(&str, &str)]| {
        let mut fields: Vec<(String, String)> = form.fixed.clone();
        fields.retain(|(name, _)| !more.iter().any(|(other, _)| name == other));
        fields.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        fields
    };
    let send = |browser: &mut Browser, step: &str, fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let answer = browser.post(&format!("/do/{step}"), &fields);
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser.follow(answer)
    };
    let page = admin.get(path);
    let fields = filled(&form(&page, "publish_guide"), &[("body", text)]);
    let preview = send(&mut admin, "publish_guide", &fields);
    assert_eq!(preview.status, 200);
    assert!(
        preview.body.contains("Nothing has been published yet."),
        "{}",
        preview.body
    );
    assert!(
        preview.body.contains("<h2 id=\"what\">What</h2>"),
        "{}",
        preview.body
    );
    assert!(preview.body.contains("<ins>"), "the differences are shown");
    assert!(!visitor.get("/scopes").body.contains("Scopes of ours"));

    let wrong = filled(
        &form(&preview, "publish_guide"),
        &[("body", "[x](javascript:1)"), ("publish", "yes")],
    );
    let refused = send(&mut admin, "publish_guide", &wrong);
    assert_eq!(refused.status, 422);
    assert!(
        refused.body.contains("[x](javascript:1)"),
        "what was typed is kept"
    );
    let right = filled(
        &form(&refused, "publish_guide"),
        &[("body", text), ("publish", "yes")],
    );
    let done = send(&mut admin, "publish_guide", &right);
    assert!(done.body.contains("Page published."), "{}", done.body);
    assert!(visitor.get("/scopes").body.contains("Scopes of ours"));

    let built_in = admin.get(&format!("{path}/0"));
    assert_eq!(built_in.status, 200);
    let again = form(&built_in, "restore_guide").fixed;
    send(&mut admin, "restore_guide", &again);
    assert!(!visitor.get("/scopes").body.contains("Scopes of ours"));
}
