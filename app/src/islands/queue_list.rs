//! The list of cases from which somebody went to one: with its view, its filters, its place, and what
//! was marked in it. This window alone knows it.

use super::listen::listen;
use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Event, HtmlInputElement, Storage},
};

/// Under which the address of the list is kept.
const LIST: &str = "queue-list";

/// Under which the address stands with the marked cases, one on each line.
const MARKED: &str = "queue-marked";

const MARKS: &str = "tr.leads input.mark";

fn shelf() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

fn kept(key: &str) -> Option<String> {
    shelf()?.get_item(key).ok().flatten()
}

/// Where nothing can be kept, one goes back to the queue as it begins.
fn keep(key: &str, text: &str) {
    if let Some(shelf) = shelf() {
        let _ = shelf.set_item(key, text);
    }
}

fn address() -> String {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    path + &location.search().unwrap_or_default()
}

/// The list that this page is will be gone back to, and what was marked in it is marked again.
pub fn remember_list() {
    let address = address();
    keep(LIST, &address);
    let marked = kept(MARKED).unwrap_or_default();
    let mut lines = marked.lines();
    if lines.next() == Some(&address) {
        let marked: Vec<&str> = lines.collect();
        for mark in marks(MARKS) {
            if marked.contains(&mark.name().as_str()) {
                mark.set_checked(true);
            }
        }
    }
    listen(&document(), "change", move |event: Event| {
        let target = event.target();
        let is_mark = target
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
            .is_some_and(|input| input.matches(MARKS).unwrap_or(false));
        if is_mark {
            let marked = marks("tr.leads input.mark:checked");
            let names = marked.iter().map(HtmlInputElement::name);
            let lines: Vec<String> = std::iter::once(address.clone()).chain(names).collect();
            keep(MARKED, &lines.join("\n"));
        }
    });
    // What is done with them is on its way, and whoever comes back marks others.
    if let Some(form) = document().get_element_by_id("bulk") {
        listen(&form, "submit", |_: Event| keep(MARKED, ""));
    }
}

fn marks(selector: &str) -> Vec<HtmlInputElement> {
    let Ok(found) = document().query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|nth| found.get(nth)?.dyn_into().ok())
        .collect()
}

/// Goes back to it; to the queue where one came from no list.
pub fn opens_list() -> bool {
    let list = kept(LIST).filter(|list| list.starts_with("/queue"));
    let list = list.as_deref().unwrap_or("/queue");
    window().location().set_href(list).is_ok()
}
