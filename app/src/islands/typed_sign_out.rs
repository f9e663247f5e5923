//! Signing out while text waits in this browser: what can be saved is saved first, and nothing else
//! goes without a word.

use super::{
    typed_notice::{button, notice},
    typed_shelf::{AND, Shelf},
};
use leptos::{prelude::*, wasm_bindgen::JsCast};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    time::Duration,
};
use web_sys::{Element, Event, HtmlFormElement};

/// Told to whatever saves a form while it is typed into: save it now.
pub const SAVE_NOW: &str = "typed-save-now";

/// How often it is looked whether everything has been saved, and how many times.
const LOOK: Duration = Duration::from_millis(100);
const LOOKS: u32 = 25;

/// Lets `form` sign its person out, once nothing waits of theirs or they want it nevertheless.
pub fn leaves(shelf: &Rc<Shelf>, form: &HtmlFormElement, event: &Event) {
    if pages(shelf).is_empty() {
        return;
    }
    event.prevent_default();
    let saves = document().query_selector(".autosave").ok().flatten();
    let here = window().location().pathname().unwrap_or_default();
    // Only what this page saves by itself is waited for, and that is said.
    let saving = saves.filter(|_| pages(shelf).contains_key(&here));
    let told = saving.and_then(|_| notice("Saving what you typed …"));
    let told = told.map(|(notice, _)| notice);
    if let Some((place, told)) = main().zip(told.as_ref()) {
        let _ = place.prepend_with_node_1(told);
    }
    if let Ok(now) = Event::new(SAVE_NOW) {
        // Nothing of ours stops it.
        let _ = window().dispatch_event(&now);
    }
    let looks = if told.is_some() { LOOKS } else { 0 };
    wait(Rc::clone(shelf), form.clone(), told, looks);
}

fn wait(shelf: Rc<Shelf>, form: HtmlFormElement, told: Option<Element>, looks: u32) {
    if pages(&shelf).is_empty() {
        sign_out(&form);
    } else if looks == 0 {
        if let Some(told) = told {
            told.remove();
        }
        ask(&shelf, &form);
    } else {
        set_timeout(move || wait(shelf, form, told, looks - 1), LOOK);
    }
}

fn main() -> Option<Element> {
    document().query_selector("main").ok().flatten()
}

fn sign_out(form: &HtmlFormElement) {
    // It asks nobody again.
    let _ = form.submit();
}

/// The pages of which text waits, each with what it is called and its fields.
fn pages(shelf: &Shelf) -> BTreeMap<String, (String, BTreeSet<String>)> {
    let own = shelf.own();
    let mut pages: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    for key in shelf.keys(&own) {
        let page = key.get(own.len()..).and_then(|rest| rest.split(AND).next());
        let (Some(page), Some(waiting)) = (page, shelf.find(&key)) else {
            continue;
        };
        let (title, fields) = pages.entry(page.to_owned()).or_default();
        if !waiting.title.is_empty() {
            *title = waiting.title;
        }
        fields.extend((!waiting.field.is_empty()).then_some(waiting.field));
    }
    pages
}

fn ask(shelf: &Rc<Shelf>, form: &HtmlFormElement) {
    let said = "You typed something that is not sent or saved. It waits in this browser, and goes when you sign out.";
    let (Some(place), Some((notice, text))) = (main(), notice(said)) else {
        return;
    };
    for (page, (title, fields)) in pages(shelf) {
        let Ok(link) = document().create_element("a") else {
            continue;
        };
        // It cannot fail: the name is one.
        let _ = link.set_attribute("href", &page);
        let name = if title.is_empty() { &page } else { &title };
        link.set_text_content(Some(name));
        let Ok(line) = document().create_element("p") else {
            continue;
        };
        let _ = line.append_child(&link);
        let fields: Vec<String> = fields.into_iter().collect();
        if !fields.is_empty() {
            let fields = format!(": {}", fields.join(", "));
            let _ = line.append_child(&document().create_text_node(&fields));
        }
        let _ = text.append_child(&line);
    }
    let (own, leaving) = (Rc::clone(shelf), form.clone());
    button(&text, "Sign out all the same", move |_| {
        own.clear(&own.own());
        sign_out(&leaving);
    });
    let shown = notice.clone();
    button(&text, "Stay signed in", move |_| shown.remove());
    // The menu with the button would lie over it.
    if let Some(menu) = form.closest("[popover]").ok().flatten()
        && let Some(menu) = menu.dyn_ref::<web_sys::HtmlElement>()
    {
        // It is open: its button was pressed.
        let _ = menu.hide_popover();
    }
    let _ = notice.set_attribute("tabindex", "-1");
    let _ = place.prepend_with_node_1(&notice);
    if let Ok(notice) = notice.dyn_into::<web_sys::HtmlElement>() {
        let _ = notice.focus();
    }
}
