//! The keys of the workspace: each presses what stands on the page.

use super::{
    listen::listen,
    queue_list::opens_list,
    single_keys::{opens_help, single_key},
    workspace_swap::{all_within, find, focus, is_busy, within},
};
use leptos::{prelude::*, wasm_bindgen::JsCast};
use web_sys::{
    Element, Event, HtmlElement, HtmlFormElement, HtmlTextAreaElement, KeyboardEvent,
    ScrollIntoViewOptions, ScrollLogicalPosition,
};

pub fn start() {
    listen(&document(), "keydown", |event: Event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        let acts = match single_key(key) {
            Some(single) => acts(&single),
            None => sends(key) || leaves(key),
        };
        if acts {
            event.prevent_default();
        }
    });
}

fn acts(key: &str) -> bool {
    match key {
        "?" => opens_help(),
        // What is pressed while an answer is on its way would be meant for what it brings.
        _ if is_busy() => false,
        "j" => step(1),
        "k" => step(-1),
        "p" => press("button[value=pass]") || pass_row(),
        "f" => choose("fail"),
        "n" => choose("not_applicable"),
        "e" => at_hand("[name=evidence]").is_some_and(|field| writes(&field)),
        "c" => ask(),
        "u" => opens_list(),
        _ => false,
    }
}

fn at_hand(selector: &str) -> Option<Element> {
    within(&find("#work .at-hand")?, selector)
}

fn click(element: &Element) -> bool {
    element
        .dyn_ref::<HtmlElement>()
        .map(HtmlElement::click)
        .is_some()
}

fn press(selector: &str) -> bool {
    at_hand(selector).is_some_and(|button| click(&button))
}

/// Passes the item in whose row the focus is.
fn pass_row() -> bool {
    let row = document()
        .active_element()
        .and_then(|active| active.closest("li.line").ok().flatten());
    row.and_then(|row| within(&row, "button"))
        .is_some_and(|button| click(&button))
}

/// Every item in sight, in the order of the list.
fn items() -> Vec<Element> {
    let Some(work) = find("#work") else {
        return Vec::new();
    };
    let is_seen = |item: &Element| {
        item.closest("details:not([open])")
            .is_ok_and(|folded| folded.is_none())
    };
    all_within(&work, ".checks > li")
        .into_iter()
        .filter(is_seen)
        .collect()
}

/// Goes to the next or previous item; to the first that is not checked, where none is at hand.
fn step(by: isize) -> bool {
    let items = items();
    let here = items
        .iter()
        .position(|item| item.class_list().contains("at-hand"));
    let next = match here {
        Some(here) => here.checked_add_signed(by),
        None => items
            .iter()
            .position(|item| within(item, ".button").is_some())
            .or(Some(0)),
    };
    next.and_then(|next| items.get(next))
        .and_then(|item| within(item, "a.item"))
        .is_some_and(|link| click(&link))
}

/// The row after the one in which a button was pressed: where one goes on.
pub fn after() -> Option<String> {
    let active = document().active_element()?;
    let row = active.closest("li.line").ok().flatten()?;
    let items = items();
    let here = items.iter().position(|item| *item == row)?;
    let rest = items.get(here + 1..)?;
    let next = rest.iter().find(|item| within(item, ".button").is_some());
    next.map(Element::id)
}

/// Chooses Fail or N/A, and goes to where the reason is written.
fn choose(value: &str) -> bool {
    let Some(radio) = at_hand(&format!(".outcomes [value={value}]")) else {
        return false;
    };
    click(&radio);
    at_hand("[name=note]").is_some_and(|note| writes(&note))
}

/// Unfolds the question about the item at hand.
fn ask() -> bool {
    let Some(form) = at_hand("form[id^=ask-]") else {
        return false;
    };
    if let Ok(Some(folded)) = form.closest("details") {
        // It cannot fail: the name is one.
        let _ = folded.set_attribute("open", "");
    }
    within(&form, "textarea").is_some_and(|text| writes(&text))
}

fn writes(field: &Element) -> bool {
    focus(field);
    true
}

/// Ctrl and Enter in a field send its form as the button in sight would.
fn sends(key: &KeyboardEvent) -> bool {
    if key.key() != "Enter" || !(key.ctrl_key() || key.meta_key()) || is_busy() {
        return false;
    }
    let form = document()
        .active_element()
        .and_then(|active| active.closest("[data-pane] form").ok().flatten())
        .and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let Some(form) = form else {
        return false;
    };
    let is_seen = |button: &Element| {
        button
            .dyn_ref::<HtmlElement>()
            .is_some_and(|button| button.offset_parent().is_some())
    };
    // The last in sight: of Pass, Fail and N/A the one that was chosen.
    let buttons = all_within(&form, "button[type=submit]");
    let last = buttons.into_iter().rfind(is_seen);
    last.is_some_and(|button| click(&button))
}

/// Escape in a field goes back to the item, and to its keys.
fn leaves(key: &KeyboardEvent) -> bool {
    let typing = document().active_element().is_some_and(|active| {
        active
            .closest(".at-hand form")
            .is_ok_and(|form| form.is_some())
    });
    if key.key() != "Escape" || !typing {
        return false;
    }
    find("#work .at-hand").is_some_and(|item| writes(&item))
}

/// Puts what is cited into the evidence of the item at hand.
pub fn cite(words: &str) -> bool {
    let field = at_hand("[name=evidence]");
    let Some(field) = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok()) else {
        return false;
    };
    let control = super::typed_control::Control::Lines(field);
    let text = control.text();
    if !text.contains(words) {
        let text = match text.trim_end() {
            "" => words.to_owned(),
            before => format!("{before}\n{words}"),
        };
        control.show(&text);
    }
    focus(control.element());
    true
}

/// Scrolls an element into sight, as little as that takes.
pub fn show_item(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Gives an element the focus, with as little scrolling as that takes.
pub fn show(element: &Element) {
    let item = element.closest("li").ok().flatten();
    show_item(item.as_ref().unwrap_or(element));
    let quietly = web_sys::FocusOptions::new();
    quietly.set_prevent_scroll(true);
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // It stays where it is if it cannot have it.
        let _ = element.focus_with_options(&quietly);
    }
}
