//! Keys that are pressed alone. Who uses speech, or a switch, can switch them off in their account
//! (WCAG 2.1.4): then the frame of each page says so.

use leptos::{prelude::*, wasm_bindgen::JsCast};
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// The key, where it is meant as one: none that is typed into a field, or with a modifier, or where
/// keys are switched off.
pub fn single_key(event: &KeyboardEvent) -> Option<String> {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let typing = target.is_some_and(|element| {
        let is_field = matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT");
        // A box that only marks a row takes no text.
        (is_field && !element.class_list().contains("mark"))
            || element.closest("dialog").is_ok_and(|found| found.is_some())
    });
    let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
    let off = document().query_selector("[data-keys=off]");
    let is_off = off.is_ok_and(|off| off.is_some());
    (!typing && !modified && !is_off).then(|| event.key())
}

/// Shows which keys there are.
pub fn opens_help() -> bool {
    open_dialog("keys")
}

/// Opens the dialog of this id.
pub fn open_dialog(id: &str) -> bool {
    let dialog = document().get_element_by_id(id);
    let dialog = dialog.and_then(|dialog| dialog.dyn_into::<web_sys::HtmlDialogElement>().ok());
    dialog.is_some_and(|dialog| dialog.open() || dialog.show_modal().is_ok())
}

/// Where the focus is, as an element that can have it.
pub fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}
