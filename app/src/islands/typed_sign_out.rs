//! Signing out while text waits in this browser: what can be saved is saved first, and nothing else
//! goes without a word.

use super::{
    typed_notice::{button, notice},
    typed_shelf::{AND, Shelf},
};
use leptos::{prelude::*, wasm_bindgen::JsCast};
use std::{collections::BTreeSet, rc::Rc, time::Duration};
use web_sys::{Event, HtmlFormElement};

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
    if let Ok(now) = Event::new(SAVE_NOW) {
        // Nothing of ours stops it.
        let _ = window().dispatch_event(&now);
    }
    let looks = if saves.is_some() { LOOKS } else { 0 };
    wait(Rc::clone(shelf), form.clone(), looks);
}

fn wait(shelf: Rc<Shelf>, form: HtmlFormElement, looks: u32) {
    if pages(&shelf).is_empty() {
        sign_out(&form);
    } else if looks == 0 {
        ask(&shelf, &form);
    } else {
        set_timeout(move || wait(shelf, form, looks - 1), LOOK);
    }
}

fn sign_out(form: &HtmlFormElement) {
    // It asks nobody again.
    let _ = form.submit();
}

/// The pages of which text waits.
fn pages(shelf: &Shelf) -> BTreeSet<String> {
    let own = shelf.own();
    shelf
        .keys(&own)
        .iter()
        .filter_map(|key| key.get(own.len()..)?.split(AND).next().map(str::to_owned))
        .collect()
}

fn ask(shelf: &Rc<Shelf>, form: &HtmlFormElement) {
    let said = "You typed something that is not sent or saved. It waits in this browser, and goes when you sign out.";
    let place = document().query_selector("main").ok().flatten();
    let (Some(place), Some((notice, text))) = (place, notice(said)) else {
        return;
    };
    for page in pages(shelf) {
        let Ok(link) = document().create_element("a") else {
            continue;
        };
        // It cannot fail: the name is one.
        let _ = link.set_attribute("href", &page);
        link.set_text_content(Some(&page));
        let Ok(line) = document().create_element("p") else {
            continue;
        };
        let _ = line.append_child(&link);
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
