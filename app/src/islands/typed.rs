//! What was typed and not sent, in the browser's own storage: each field under a key of its own, by
//! person, page and form. Never a secret; nothing of a form that is not drawn for a person. It goes
//! when the desk has it, when the person signs out, and after a week.

use super::{
    listen::listen,
    typed_notice::{button, moment, notice},
};
use leptos::{prelude::*, wasm_bindgen::JsCast};
use std::{collections::BTreeMap, rc::Rc, time::Duration};
use web_sys::{
    Element, Event, EventInit, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement,
    PerformanceNavigationTiming, Storage,
};

/// Before each of our keys.
const OURS: &str = "typed";

/// Between the parts of a key; no name has one.
const AND: char = '\n';

/// Under which the form stands that was sent last from this tab.
const SENT: &str = "typed-sent";

/// In milliseconds: how long a text waits here, as one that was refused does at the desk.
const WEEK: f64 = 7.0 * 24.0 * 60.0 * 60.0 * 1_000.0;

/// A control in which text is typed.
#[derive(Clone)]
enum Control {
    Line(HtmlInputElement),
    Lines(HtmlTextAreaElement),
}

impl Control {
    /// Nothing for what is chosen or ticked, hidden or secret.
    fn of(element: Element) -> Option<Self> {
        match element.dyn_into::<HtmlTextAreaElement>() {
            Ok(lines) => (!lines.read_only()).then_some(Self::Lines(lines)),
            Err(element) => {
                let line = element.dyn_into::<HtmlInputElement>().ok()?;
                let typed = ["text", "email", "url", "date"].contains(&line.type_().as_str());
                let once = line.autocomplete() == "one-time-code";
                (typed && !once).then_some(Self::Line(line))
            }
        }
    }

    fn element(&self) -> &Element {
        match self {
            Self::Line(line) => line,
            Self::Lines(lines) => lines,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Line(line) => line.name(),
            Self::Lines(lines) => lines.name(),
        }
    }

    fn form(&self) -> Option<HtmlFormElement> {
        match self {
            Self::Line(line) => line.form(),
            Self::Lines(lines) => lines.form(),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Line(line) => line.value(),
            Self::Lines(lines) => lines.value(),
        }
    }

    fn show(&self, text: &str) {
        match self {
            Self::Line(line) => line.set_value(text),
            Self::Lines(lines) => lines.set_value(text),
        }
        // Whatever else listens (the saving of a draft) hears of it as if it had been typed.
        let init = EventInit::new();
        init.set_bubbles(true);
        if let Ok(event) = Event::new_with_event_init_dict("input", &init) {
            // Nothing of ours stops it.
            let _ = self.element().dispatch_event(&event);
        }
    }

    /// As the desk has drawn it. (A browser gives line breaks back as `\n` alone.)
    fn drawn(&self) -> String {
        let drawn = match self {
            Self::Line(line) => line.default_value(),
            Self::Lines(lines) => lines.default_value().unwrap_or_default(),
        };
        drawn.replace("\r\n", "\n")
    }

    /// From now on the desk has this.
    fn has_been_saved(&self, text: &str) {
        match self {
            Self::Line(line) => line.set_default_value(text),
            // A text area takes what is inside it for what was drawn.
            Self::Lines(lines) => drop(lines.set_default_value(text)),
        }
    }

    /// Out of what is folded away around it.
    fn unfold(&self) {
        let mut around = self.element().closest("details").ok().flatten();
        while let Some(details) = around {
            // Cannot fail: the name is one.
            let _ = details.set_attribute("open", "");
            around = details
                .parent_element()
                .and_then(|parent| parent.closest("details").ok().flatten());
        }
    }
}

/// What waits of one field.
struct Waiting {
    at: f64,
    /// What the desk had when it was typed.
    base: String,
    text: String,
}

impl Waiting {
    fn read(stored: &str) -> Option<Self> {
        let (at, rest) = stored.split_once(AND)?;
        let (length, rest) = rest.split_once(AND)?;
        let length = length.parse().ok()?;
        Some(Self {
            at: at.parse().ok()?,
            base: rest.get(..length)?.to_owned(),
            text: rest.get(length..)?.to_owned(),
        })
    }

    fn write(&self) -> String {
        let (at, length) = (self.at, self.base.len());
        format!("{at}{AND}{length}{AND}{}{}", self.base, self.text)
    }
}

/// What waits in this browser for one person.
struct Shelf {
    storage: Storage,
    person: String,
}

impl Shelf {
    fn of(person: &str) -> Option<Self> {
        Some(Self {
            storage: window().local_storage().ok().flatten()?,
            person: person.to_owned(),
        })
    }

    /// Before the keys of everything of this person.
    fn own(&self) -> String {
        format!("{OURS}{AND}{}{AND}", self.person)
    }

    /// Before the keys of the fields of a form on this page; none for a form of nobody's.
    fn form(&self, form: &HtmlFormElement) -> Option<String> {
        form.elements().named_item("for")?;
        let path = window().location().pathname().ok()?;
        let id = form.get_attribute("id")?;
        Some(format!("{}{path}{AND}{id}{AND}", self.own()))
    }

    fn find(&self, key: &str) -> Option<Waiting> {
        Waiting::read(&self.storage.get_item(key).ok().flatten()?)
    }

    fn keep(&self, key: &str, waiting: &Waiting) {
        // Where the browser has no room left, nothing is kept: the page itself still has it.
        let _ = self.storage.set_item(key, &waiting.write());
    }

    fn remove(&self, key: &str) {
        // It cannot fail for a string.
        let _ = self.storage.remove_item(key);
    }

    fn keys(&self, prefix: &str) -> Vec<String> {
        let count = self.storage.length().unwrap_or_default();
        (0..count)
            .filter_map(|index| self.storage.key(index).ok().flatten())
            .filter(|key| key.starts_with(prefix))
            .collect()
    }

    fn clear(&self, prefix: &str) {
        for key in self.keys(prefix) {
            self.remove(&key);
        }
    }

    /// Takes away what has waited for too long, whoever it is of.
    fn tidy(&self) {
        let latest = js_sys::Date::now() - WEEK;
        for key in self.keys(&format!("{OURS}{AND}")) {
            if self.find(&key).is_none_or(|waiting| waiting.at < latest) {
                self.remove(&key);
            }
        }
    }

    /// Keeps what has been typed into a control, or nothing where it is as the desk has it.
    fn note(&self, control: &Control) {
        let prefix = control.form().and_then(|form| self.form(&form));
        let Some(key) = prefix.map(|prefix| prefix + &control.name()) else {
            return;
        };
        // A form that was refused is drawn with what was typed: the desk has what it had before.
        let before = self.find(&key).map(|waiting| waiting.base);
        let waiting = Waiting {
            at: js_sys::Date::now(),
            base: before.unwrap_or_else(|| control.drawn()),
            text: control.text(),
        };
        if waiting.text == waiting.base {
            self.remove(&key);
        } else {
            self.keep(&key, &waiting);
        }
    }
}

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

fn came_back(form: &HtmlFormElement) -> bool {
    form.elements().named_item("kept").is_some()
}

/// Shows again what was typed on this page, and keeps what is typed from now on.
pub fn watch(person: &str) {
    let Some(shelf) = Shelf::of(person).map(Rc::new) else {
        return;
    };
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
        if let Some(form) = target {
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
    if form.action().ends_with("/do/sign_out") {
        shelf.clear(&shelf.own());
    } else if let Some(prefix) = shelf.form(form) {
        let tab = window().session_storage().ok().flatten();
        let once = form.elements().named_item("once");
        let once = once
            .and_then(|once| once.dyn_into::<HtmlInputElement>().ok())
            .map_or_else(String::new, |once| once.value());
        let now = js_sys::Date::now();
        // The prefix has line breaks of its own, so it is the last.
        let noted = format!("{now}{AND}{once}{AND}{prefix}");
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
/// that it has arrived. What was typed into the same form of another tab since then stays.
fn settle(shelf: &Shelf) {
    let Some(tab) = window().session_storage().ok().flatten() else {
        return;
    };
    let Some(noted) = tab.get_item(SENT).ok().flatten() else {
        return;
    };
    let mut parts = noted.splitn(3, AND);
    let (Some(at), Some(once), Some(prefix)) = (parts.next(), parts.next(), parts.next()) else {
        return;
    };
    if !has_arrived(once) {
        return;
    }
    let _ = tab.remove_item(SENT);
    let sent_at = at.parse().unwrap_or(f64::INFINITY);
    for key in shelf.keys(prefix) {
        if shelf.find(&key).is_none_or(|waiting| waiting.at <= sent_at) {
            shelf.remove(&key);
        }
    }
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
        let Some(waiting) = shelf.find(&key) else {
            continue;
        };
        let drawn = control.drawn();
        if waiting.text == drawn {
            shelf.remove(&key);
            continue;
        }
        latest = latest.max(waiting.at);
        changed |= waiting.base != drawn;
        // The form has a newer text where the page was typed into before the scripts came.
        let shown = control.text();
        if waiting.base == drawn && (shown == drawn || shown == waiting.text) {
            back.push((control, waiting.text));
        } else {
            offered.push((control, waiting.text));
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
    let restore = |texts: &[(Control, String)]| {
        for (control, text) in texts {
            control.unfold();
            control.show(text);
        }
    };
    let all: Vec<Control> = back
        .iter()
        .chain(&offered)
        .map(|(control, _)| control.clone())
        .collect();
    if !offered.is_empty() {
        button(&text, "Put my text into the form", move |this| {
            restore(&offered);
            this.remove();
        });
    }
    let shelf = Rc::clone(shelf);
    button(&text, "Discard it", move |_| {
        for control in &all {
            control.show(&control.drawn());
        }
        shelf.clear(&prefix);
        notice.remove();
    });
    // Once every island listens.
    set_timeout(move || restore(&back), Duration::ZERO);
}

/// Shows what waits of forms that this page no longer has, on top of it, to be copied; and what waits
/// on pages below this one, which lead here once their form has gone.
fn show_left_over(shelf: &Rc<Shelf>) {
    let Ok(path) = window().location().pathname() else {
        return;
    };
    let drawn: Vec<String> = forms().iter().filter_map(|form| shelf.form(form)).collect();
    let has_place = |key: &str| drawn.iter().any(|prefix| key.starts_with(prefix.as_str()));
    let own = shelf.own();
    let mut pages: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for key in shelf.keys(&format!("{own}{path}")) {
        let page = key[own.len()..].split(AND).next().unwrap_or_default();
        // `/apps` is not above the pages of one app.
        let is_below = path.matches('/').count() > 1
            && page
                .strip_prefix(&path)
                .is_some_and(|rest| rest.starts_with('/'));
        if (page == path || is_below) && !has_place(&key) {
            pages.entry(page.to_owned()).or_default().push(key);
        }
    }
    for (page, keys) in pages {
        left_over(shelf, (page != path).then_some(page.as_str()), keys);
    }
}

/// The notice of one page's texts; `below` is its address where it is another page than this.
fn left_over(shelf: &Rc<Shelf>, below: Option<&str>, keys: Vec<String>) {
    let texts: Vec<Waiting> = keys.iter().filter_map(|key| shelf.find(key)).collect();
    let latest = texts.iter().map(|waiting| waiting.at).fold(0.0, f64::max);
    let when = moment(latest);
    let said = match below {
        None => format!(
            "You typed this here on {when} and did not send it. Its form is no longer on this page: copy what you still need."
        ),
        Some(_) => format!("You typed this on {when} and did not send it."),
    };
    let place = document().query_selector("main").ok().flatten();
    let (Some(place), Some((notice, text)), false) = (place, notice(&said), texts.is_empty())
    else {
        return;
    };
    let add = |tag: &str, class: &str, words: &str| {
        let made = document().create_element(tag).ok()?;
        made.set_class_name(class);
        made.set_text_content(Some(words));
        text.append_child(&made).ok()?;
        Some(made)
    };
    for waiting in texts {
        add("div", "typed", &waiting.text);
    }
    if let Some(page) = below
        && let Some(link) = add("a", "", "Go on where you typed it")
    {
        // It cannot fail: the name is one.
        let _ = link.set_attribute("href", page);
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
    for control in controls(form) {
        let name = control.name();
        let Some((_, text)) = sent.iter().find(|(field, _)| *field == name) else {
            continue;
        };
        let text = text.replace("\r\n", "\n");
        control.has_been_saved(&text);
        if let Some((shelf, prefix)) = shelf
            .as_ref()
            .and_then(|shelf| Some((shelf, shelf.form(form)?)))
        {
            shelf.remove(&(prefix + &name));
            // What has been typed since is noted anew.
            if control.text() != text {
                shelf.note(&control);
            }
        }
    }
}
