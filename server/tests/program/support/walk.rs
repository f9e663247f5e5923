//! Every page of the demo, as each kind of person meets them by following links.

use super::{Browser, CASES, Demo, browser::Answer, controls::links, pages};
use std::collections::{BTreeSet, VecDeque};

/// Whose pages are walked; nobody's first.
pub const READERS: [&str; 9] = [
    "", "maya", "sam", "ito", "lena", "anders", "noor", "chen", "dana",
];

/// How many pages are looked at for each of them.
const MOST_PAGES: usize = 140;

/// Where pages lie that only links lead to.
const LINKED: [&str; 9] = [
    "/cases/",
    "/applications/",
    "/apps/",
    "/support/",
    "/admin/",
    "/gallery/",
    "/partners/",
    "/changes/",
    "/account/",
];

/// A page as somebody sees it.
pub struct Seen<'a> {
    pub reader: &'static str,
    pub path: &'a str,
    pub page: &'a Answer,
}

/// A browser in which a reader is signed in, if it is anybody.
pub fn browser_of(demo: &Demo, reader: &str) -> Browser {
    if reader.is_empty() {
        demo.browser()
    } else {
        demo.signed_in(reader)
    }
}

/// Shows every page that answers to `look`.
pub fn walk(demo: &Demo, mut look: impl FnMut(Seen<'_>)) {
    for reader in READERS {
        let mut browser = browser_of(demo, reader);
        let mut known: BTreeSet<String> = BTreeSet::new();
        let mut waiting: VecDeque<String> = pages(1001).into();
        waiting.extend(CASES.map(|case| format!("/cases/UD-{case}")));
        waiting.extend(CASES.map(|case| format!("/cases/UD-{case}?open=technical&item=tls")));
        waiting.extend(CASES.map(|case| format!("/applications/UD-{case}")));
        let beside = ["case", "files", "questions"];
        waiting.extend(beside.map(|left| format!("/cases/UD-1022?left={left}")));
        while let Some(path) = waiting.pop_front() {
            if known.len() >= MOST_PAGES || !known.insert(path.clone()) {
                continue;
            }
            let page = browser.get(&path);
            let is_page = page
                .header("content-type")
                .is_some_and(|kind| kind.starts_with("text/html"));
            if page.status == 200 && !is_page {
                continue;
            }
            if page.status != 200 {
                known.remove(&path);
                if page.status == 303
                    && let Some(to) = page.header("location")
                {
                    waiting.push_back(to.to_owned());
                }
                continue;
            }
            // Files and copies are no pages.
            if !page
                .header("content-type")
                .is_some_and(|kind| kind.starts_with("text/html"))
            {
                continue;
            }
            for link in links(&page.body) {
                let link = link.split('#').next().unwrap_or_default().to_owned();
                // The same in another order or further down; a case at another of its items, or with
                // something else beside it.
                let is_same = [
                    "sort=", "before=", "after=", "page=", "item=", "file=", "left=", "half=",
                ]
                .iter()
                .any(|part| link.contains(part));
                let is_page = !is_same && LINKED.iter().any(|start| link.starts_with(start));
                if is_page && !link.contains('.') {
                    waiting.push_front(link);
                }
            }
            look(Seen {
                reader,
                path: &path,
                page: &page,
            });
        }
    }
}

/// Elements in which a text goes on.
const INLINE: [&str; 22] = [
    "a",
    "abbr",
    "b",
    "bdi",
    "br",
    "button",
    "del",
    "em",
    "i",
    "ins",
    "label",
    "mark",
    "path",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "svg",
    "time",
    "wbr",
    "leptos-island",
];

/// Elements whose text is nobody's sentence: programs, keys, what somebody types or typed.
const NO_SENTENCES: [&str; 5] = ["script", "style", "pre", "code", "textarea"];

/// What people read of a page, a line for each block; with what is only read out.
pub fn words_of(html: &str) -> String {
    let mut text = String::new();
    let mut said = String::new();
    let mut rest = html.split_once("<title>").map_or(html, |(_, rest)| rest);
    loop {
        let (before, after) = rest.split_once('<').unwrap_or((rest, ""));
        text.push_str(before);
        let Some((tag, after)) = after.split_once('>') else {
            break;
        };
        rest = after;
        if tag.starts_with('!') {
            continue;
        }
        let name = tag
            .trim_start_matches('/')
            .split([' ', '/', '\n'])
            .next()
            .unwrap_or_default();
        for attribute in ["aria-label", "placeholder", "alt"] {
            if let Some((_, value)) = tag.split_once(&format!(" {attribute}=\"")) {
                said.push_str(value.split('"').next().unwrap_or_default());
                said.push('\n');
            }
        }
        if NO_SENTENCES.contains(&name) && !tag.starts_with('/') {
            // Something stands there, as a word of its sentence.
            text.push('…');
            let end = format!("</{name}>");
            rest = rest.split_once(&end).map_or("", |(_, after)| after);
        } else if !INLINE.contains(&name) {
            text.push('\n');
        }
    }
    let all = super::controls::unescape(&format!("{text}\n{said}"));
    let lines = all
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}
