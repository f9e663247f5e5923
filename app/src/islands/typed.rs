//! What was typed and not sent, in the browser's own storage: each field under a key of its own, by
//! person, page and form. Never a secret; nothing of a form that is not drawn for a person. It goes
//! when the desk has it, when the person signs out, and after a week.

use super::{
    listen::listen,
    typed_control::Control,
    typed_notice::{button, moment, notice},
    typed_shelf::{AND, Shelf, Waiting, is_of_field, know, page},
    typed_sign_out::leaves,
};
use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc, time::Duration};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Element, Event, HtmlFormElement, HtmlInputElement, PerformanceNavigationTiming, RequestInit,
    Response,
};

pub use super::typed_sign_out::SAVE_NOW;

/// Under which the form stands that was sent last from this tab.
const SENT: &str = "typed-sent";

fn forms() -> Vec<HtmlFormElement> {
    let found = document().query_selector_all("form[method=post][id]").ok();
    let found = found.map(|list| (0..list.length()).filter_map(move |at| list.item(at)));
    found
        .into_iter()
        .flatten()
        .filter_map(|node| node.dyn_into().ok())
        .collect()
}

fn controls(form: &HtmlFormElement) -> Vec<Control> {
    let elements = form.elements();
    (0..elements.length())
        .filter_map(|at| Control::of(elements.item(at)?))
        .collect()
}

/// What the desk has drawn into the places of the page for texts, those that are only read included.
fn drawn_texts() -> Vec<String> {
    let found = document()
        .query_selector_all("main textarea, main input")
        .ok();
    let found = found.map(|list| (0..list.length()).filter_map(move |at| list.item(at)));
    found
        .into_iter()
        .flatten()
        .filter_map(|node| match node.dyn_into() {
            Ok(lines) => Some(Control::Lines(lines)),
            Err(node) => node.dyn_into().ok().map(Control::Line),
        })
        .map(|control| control.drawn())
        .collect()
}

fn came_back(form: &HtmlFormElement) -> bool {
    form.elements().named_item("kept").is_some()
}

thread_local! {
    /// Of whom this page was drawn.
    static SHELF: RefCell<Option<Rc<Shelf>>> = const { RefCell::new(None) };
}

/// Parts of the page are others by now: what has arrived goes, and forms that were not there `before`
/// show what was typed into them.
pub fn exchanged(before: &[String]) {
    let Some(shelf) = SHELF.with(|shelf| shelf.borrow().clone()) else {
        return;
    };
    settle(&shelf);
    for form in forms() {
        if !before.contains(&form.id()) {
            show_again(&shelf, &form);
        }
    }
}

/// Shows again what was typed on this page, and keeps what is typed from now on.
pub fn watch(person: &str) {
    let Some(shelf) = Shelf::of(person).map(Rc::new) else {
        return;
    };
    SHELF.with(|known| known.replace(Some(Rc::clone(&shelf))));
    shelf.tidy();
    settle(&shelf);
    for form in forms() {
        show_again(&shelf, &form);
        for control in typed_before(&form) {
            shelf.note(&control);
        }
    }
    show_left_over(&shelf);
    let on_input = {
        let shelf = Rc::clone(&shelf);
        move |event: Event| {
            let target = event.target().and_then(|target| target.dyn_into().ok());
            if let Some(control) = target.and_then(Control::of) {
                shelf.note(&control);
            }
        }
    };
    let on_submit = move |event: Event| {
        let target = event.target().and_then(|target| target.dyn_into().ok());
        let Some(form) = target else {
            return;
        };
        if HtmlFormElement::action(&form).ends_with("/do/sign_out") {
            leaves(&shelf, &form, &event);
        } else {
            sent(&shelf, &form);
        }
    };
    listen(&document(), "input", on_input);
    listen(&document(), "submit", on_submit);
    if let Some(body) = document().body() {
        // For whoever has to wait for it, as the journeys do.
        let _ = body.set_attribute("data-typed", "kept");
    }
}

/// What was typed while the page had no scripts yet. (What a browser itself puts into a form on
/// going back may have been sent.)
fn typed_before(form: &HtmlFormElement) -> impl Iterator<Item = Control> {
    let controls = if was_navigated_to() {
        controls(form)
    } else {
        Vec::new()
    };
    controls
        .into_iter()
        .filter(|control| control.text() != control.drawn())
}

/// Whether this is somebody typing a text into a form of theirs.
pub fn is_typing(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into().ok());
    target
        .and_then(Control::of)
        .and_then(|control| control.form())
        .is_some_and(|form| form.elements().named_item("for").is_some())
}

/// Whether there is something in a form that no script has heard being typed.
pub fn was_typed_into(form: &HtmlFormElement) -> bool {
    typed_before(form).next().is_some()
}

/// Notes which form was sent. That it has arrived is known from the page that answers.
fn sent(shelf: &Shelf, form: &HtmlFormElement) {
    let controls = controls(form);
    // Into a form without any nothing was typed: the one before it may be on its way still.
    if let Some(prefix) = shelf.form(form).filter(|_| !controls.is_empty()) {
        for control in controls {
            shelf.sends(&format!("{prefix}{}", control.name()), &control.text());
        }
        let tab = window().session_storage().ok().flatten();
        let once = form.elements().named_item("once");
        let once = once
            .and_then(|once| once.dyn_into::<HtmlInputElement>().ok())
            .map_or_else(String::new, |once| once.value());
        let now = js_sys::Date::now();
        // The prefix has line breaks of its own, so it is the last.
        let noted = format!("{now}{AND}{once}{AND}{}{AND}{prefix}", page());
        let _ = tab.map(|tab| tab.set_item(SENT, &noted));
    }
}

/// Whether the desk has said that the form with this key has arrived.
fn has_arrived(once: &str) -> bool {
    let document: Result<web_sys::HtmlDocument, _> = document().dyn_into();
    let cookies = document.and_then(|document| document.cookie().map_err(|_| document.into()));
    cookies.is_ok_and(|cookies: String| {
        cookies
            .split("; ")
            .any(|cookie| cookie.strip_prefix("arrived=") == Some(once))
    })
}

/// Takes away what the desk has by now: that of the form that was sent last, once the desk has said
/// that it has arrived. What was typed into the same form on another page stays.
fn settle(shelf: &Shelf) {
    let Some(tab) = window().session_storage().ok().flatten() else {
        return;
    };
    let Some(noted) = tab.get_item(SENT).ok().flatten() else {
        return;
    };
    let mut parts = noted.splitn(4, AND);
    let mut part = || parts.next();
    let (Some(at), Some(once), Some(by), Some(prefix)) = (part(), part(), part(), part()) else {
        return;
    };
    if !has_arrived(once) {
        return;
    }
    let _ = tab.remove_item(SENT);
    shelf.settle(prefix, by, at.parse().unwrap_or(f64::INFINITY));
}

/// Neither reloaded nor gone back to.
fn was_navigated_to() -> bool {
    let entries = window()
        .performance()
        .map(|performance| performance.get_entries_by_type("navigation"));
    entries
        .and_then(|entries| entries.get(0).dyn_into().ok())
        .is_none_or(|entry: PerformanceNavigationTiming| {
            entry.type_() == web_sys::NavigationType::Navigate
        })
}

/// Puts what waits of a form back into it, and says so. What the desk has changed meanwhile, and
/// what was typed into the form already, stays as it is until the person wants the text that waits.
fn show_again(shelf: &Rc<Shelf>, form: &HtmlFormElement) {
    let Some(prefix) = shelf.form(form).filter(|_| !came_back(form)) else {
        return;
    };
    let (mut back, mut offered, mut latest) = (Vec::new(), Vec::new(), 0.0_f64);
    let mut changed = false;
    for control in controls(form) {
        let key = format!("{prefix}{}", control.name());
        let drawn = control.drawn();
        let Some(waiting) = shelf.show(&key, &drawn) else {
            continue;
        };
        latest = latest.max(waiting.at);
        changed |= waiting.base != drawn;
        // The form has a newer text where the page was typed into before the scripts came.
        let shown = control.text();
        if waiting.base == drawn && (shown == drawn || shown == waiting.text) {
            know(&key, &waiting.text);
            back.push((control, waiting.text));
        } else {
            offered.push(Offered {
                mine: waiting.text,
                there: drawn,
                control,
            });
        }
    }
    if back.is_empty() && offered.is_empty() {
        return;
    }
    let when = moment(latest);
    let mut said = if offered.is_empty() {
        format!("What you typed here on {when} and did not send is in the form again.")
    } else {
        format!("You typed something here on {when} and did not send it.")
    };
    if changed {
        said.push_str(" What is on record has changed since.");
    }
    let Some((notice, text)) = notice(&said) else {
        return;
    };
    if form.prepend_with_node_1(&notice).is_err() {
        return;
    }
    let texts: Vec<Element> = offered
        .iter()
        .filter_map(|one| {
            let label = made(&text, "p", "quiet-text")?;
            label.set_text_content(Some(&one.control.label()));
            let shown = made(&text, "div", "typed")?;
            shown.set_text_content(Some(&one.mine));
            Some(shown)
        })
        .collect();
    if offered.is_empty() {
        // It goes once the desk has it: see `saved`.
        let _ = notice.set_attribute(BACK, "");
    }
    let offered = Rc::new(offered);
    if !offered.is_empty() {
        let (sentence, offered) = (text.first_element_child(), Rc::clone(&offered));
        button(&text, "Put my text into the form", move |this| {
            for (one, shown) in offered.iter().zip(&texts) {
                restore(&one.control, &one.mine);
                shown.set_text_content(Some(&one.there));
            }
            let said = "Your text is in the form. This stood there, and can be copied:";
            sentence
                .iter()
                .for_each(|sentence| sentence.set_text_content(Some(said)));
            this.remove();
        });
    }
    let before: Vec<(Control, String)> = back
        .iter()
        .map(|(control, _)| (control.clone(), control.drawn()))
        .chain(
            offered
                .iter()
                .map(|one| (one.control.clone(), one.there.clone())),
        )
        .collect();
    let shelf = Rc::clone(shelf);
    button(&text, "Discard it", move |_| {
        for (control, there) in &before {
            control.show(there);
        }
        for key in shelf.keys(&prefix) {
            if is_of_field(&prefix, &key) {
                shelf.remove(&key);
            }
        }
        notice.remove();
    });
    // Once every island listens.
    set_timeout(
        move || {
            for (control, text) in &back {
                restore(control, text);
            }
        },
        Duration::ZERO,
    );
}

/// A text that waits of a field in which the desk has another by now.
struct Offered {
    control: Control,
    mine: String,
    there: String,
}

/// On a notice of texts that are all in their form again.
const BACK: &str = "data-typed-back";

fn restore(control: &Control, text: &str) {
    control.unfold();
    control.show(text);
}

/// A new element at the end of another.
fn made(within: &Element, tag: &str, class: &str) -> Option<Element> {
    let made = document().create_element(tag).ok()?;
    made.set_class_name(class);
    within.append_child(&made).ok()?;
    Some(made)
}

/// Where the form of a text that is shown on top of a page has gone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    /// It is no longer on this page.
    Gone,
    /// It is here, with what was typed into it on another page at the same time.
    Beside,
    /// On this page below, which leads here.
    Below(String),
}

/// Shows what waits of forms that this page no longer has, on top of it, to be copied; what was typed
/// into its forms on two pages at once; and what waits on pages below this one, which lead here once
/// their form has gone.
fn show_left_over(shelf: &Rc<Shelf>) {
    let Ok(path) = window().location().pathname() else {
        return;
    };
    let drawn: Vec<String> = forms().iter().filter_map(|form| shelf.form(form)).collect();
    let has_place = |key: &str| drawn.iter().any(|prefix| is_of_field(prefix, key));
    let has_form = |key: &str| drawn.iter().any(|prefix| key.starts_with(prefix.as_str()));
    // What the desk has kept and shows, in its form or to be copied, stands on the page already.
    let shown = drawn_texts();
    let own = shelf.own();
    let mut found: BTreeMap<Left, Vec<String>> = BTreeMap::new();
    for key in shelf.keys(&format!("{own}{path}")) {
        let page = key[own.len()..].split(AND).next().unwrap_or_default();
        // `/apps` is not above the pages of one app.
        let is_below = path.matches('/').count() > 1
            && page
                .strip_prefix(&path)
                .is_some_and(|rest| rest.starts_with('/'));
        let left = match page == path {
            true if has_form(&key) => Left::Beside,
            true => Left::Gone,
            false => Left::Below(page.to_owned()),
        };
        if !(page == path || is_below) || has_place(&key) {
            continue;
        }
        match shelf.find(&key) {
            Some(waiting) if shown.contains(&waiting.text) => shelf.remove(&key),
            _ => found.entry(left).or_default().push(key),
        }
    }
    for (left, keys) in found {
        left_over(shelf, &left, keys);
    }
}

/// The notice of such texts.
fn left_over(shelf: &Rc<Shelf>, left: &Left, keys: Vec<String>) {
    let texts: Vec<Waiting> = keys.iter().filter_map(|key| shelf.find(key)).collect();
    let latest = texts.iter().map(|waiting| waiting.at).fold(0.0, f64::max);
    let when = moment(latest);
    let said = match left {
        Left::Beside => format!(
            "You typed this as well on {when} and did not send it: copy what you still need."
        ),
        Left::Gone => format!(
            "You typed this here on {when} and did not send it. Its form is no longer on this page: copy what you still need."
        ),
        Left::Below(_) => format!("You typed this on {when} and did not send it."),
    };
    let place = document().query_selector("main").ok().flatten();
    let (Some(place), Some((notice, text)), false) = (place, notice(&said), texts.is_empty())
    else {
        return;
    };
    let add = |tag: &str, class: &str, words: &str| {
        let made = made(&text, tag, class)?;
        made.set_text_content(Some(words));
        Some(made)
    };
    for waiting in texts {
        if !waiting.field.is_empty() {
            add("p", "quiet-text", &waiting.field);
        }
        add("div", "typed", &waiting.text);
    }
    if let Left::Below(page) = left
        && let Some(link) = add("a", "", "Go on where you typed it")
    {
        // It cannot fail: the name is one.
        let _ = link.set_attribute("href", page);
        let sentence = text.first_element_child();
        spawn_local(stays_if_there(page.clone(), link, sentence));
    }
    let (shelf, shown) = (Rc::clone(shelf), notice.clone());
    button(&text, "Discard it", move |_| {
        for key in &keys {
            shelf.remove(key);
        }
        shown.remove();
    });
    // The islands of the page are found by walking along its elements: while that goes on, none may
    // come before them.
    set_timeout(
        move || {
            let _ = place.prepend_with_node_1(&notice);
        },
        Duration::ZERO,
    );
}

/// Takes the way to a page away where that page is gone, or leads to another by now: the text stands
/// here, to be copied.
async fn stays_if_there(page: String, link: Element, sentence: Option<Element>) {
    let request = RequestInit::new();
    // Where it would lead is not followed: it would be here.
    let _ = js_sys::Reflect::set(&request, &"redirect".into(), &"manual".into());
    let asked = JsFuture::from(window().fetch_with_str_and_init(&page, &request)).await;
    let Ok(answer) = asked.and_then(JsCast::dyn_into::<Response>) else {
        return;
    };
    if answer.ok() {
        return;
    }
    link.remove();
    if let Some(sentence) = sentence {
        let said = sentence.text_content().unwrap_or_default();
        let gone = "The form in which you typed it is no longer there: copy what you still need.";
        sentence.set_text_content(Some(&format!("{said} {gone}")));
    }
}

/// The desk has the text of this form by now.
pub fn saved(form: &HtmlFormElement, sent: &[(String, String)]) {
    let person = form
        .elements()
        .named_item("for")
        .and_then(|field| field.dyn_into::<HtmlInputElement>().ok())
        .map(|field| field.value());
    let shelf = person
        .as_deref()
        .and_then(|person| Shelf::of(person.split('.').next().unwrap_or_default()));
    let place = shelf.and_then(|shelf| Some((shelf.form(form)?, shelf)));
    for control in controls(form) {
        let name = control.name();
        let Some((_, text)) = sent.iter().find(|(field, _)| *field == name) else {
            continue;
        };
        let text = text.replace("\r\n", "\n");
        control.has_been_saved(&text);
        if let Some((prefix, shelf)) = &place {
            shelf.has_been_saved(&format!("{prefix}{name}"), &text);
            // What has been typed since is noted anew.
            if control.text() != text {
                shelf.note(&control);
            }
        }
    }
    let waits = place.is_some_and(|(prefix, shelf)| !shelf.keys(&prefix).is_empty());
    let told = form.query_selector(&format!("[{BACK}]")).ok().flatten();
    if let Some(told) = told.filter(|_| !waits) {
        told.remove();
    }
}
