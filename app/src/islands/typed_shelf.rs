//! What waits in this browser's own storage of one person: each field under a key of its own.

use super::typed_control::Control;
use leptos::prelude::*;
use std::{cell::RefCell, collections::BTreeMap};
use web_sys::{HtmlFormElement, Storage};

/// Before each of our keys.
const OURS: &str = "typed";

/// Between the parts of a key; no name has one.
pub const AND: char = '\n';

/// In milliseconds: how long a text waits here, as one that was refused does at the desk.
const WEEK: f64 = 7.0 * 24.0 * 60.0 * 60.0 * 1_000.0;

/// This page, from when it was opened until it is left.
struct Page {
    id: String,
    /// By its key what this page has shown of a text, or written.
    known: RefCell<BTreeMap<String, String>>,
}

thread_local! {
    static PAGE: Page = Page {
        id: format!("{}-{}", js_sys::Date::now(), js_sys::Math::random()),
        known: RefCell::default(),
    };
}

/// The name of this page, which no other has.
pub fn page() -> String {
    PAGE.with(|page| page.id.clone())
}

/// What waits of one field.
pub struct Waiting {
    pub at: f64,
    /// The page that wrote it.
    pub by: String,
    /// What the desk had when it was typed.
    pub base: String,
    /// What the field and its page are called.
    pub field: String,
    pub title: String,
    pub text: String,
}

impl Waiting {
    fn read(stored: &str) -> Option<Self> {
        let (first, rest) = stored.split_once(AND)?;
        let (at, by) = first.split_once(' ').unwrap_or((first, ""));
        let (lengths, rest) = rest.split_once(AND)?;
        let mut lengths = lengths.split(' ').map(str::parse);
        let mut rest = rest;
        // What an earlier version of the desk has kept has no names.
        let mut next = || {
            let length: usize = lengths.next().unwrap_or(Ok(0)).ok()?;
            let (part, after) = rest.split_at_checked(length)?;
            rest = after;
            Some(part.to_owned())
        };
        let (base, field, title) = (next()?, next()?, next()?);
        Some(Self {
            at: at.parse().ok()?,
            by: by.to_owned(),
            base,
            field,
            title,
            text: rest.to_owned(),
        })
    }

    fn write(&self) -> String {
        let (at, by) = (self.at, &self.by);
        let parts = [&self.base, &self.field, &self.title];
        let lengths = parts.map(|part| part.len().to_string()).join(" ");
        let [base, field, title] = parts;
        format!(
            "{at} {by}{AND}{lengths}{AND}{base}{field}{title}{}",
            self.text
        )
    }

    /// Whether this page wrote it, or has shown it.
    fn is_known(&self, key: &str) -> bool {
        PAGE.with(|page| self.by == page.id || page.known.borrow().get(key) == Some(&self.text))
    }
}

/// What waits in this browser for one person.
pub struct Shelf {
    storage: Storage,
    person: String,
}

impl Shelf {
    pub fn of(person: &str) -> Option<Self> {
        Some(Self {
            storage: window().local_storage().ok().flatten()?,
            person: person.to_owned(),
        })
    }

    /// Before the keys of everything of this person.
    pub fn own(&self) -> String {
        format!("{OURS}{AND}{}{AND}", self.person)
    }

    /// Before the keys of the fields of a form on this page; none for a form of nobody's.
    pub fn form(&self, form: &HtmlFormElement) -> Option<String> {
        form.elements().named_item("for")?;
        let path = window().location().pathname().ok()?;
        let id = form.get_attribute("id")?;
        Some(format!("{}{path}{AND}{id}{AND}", self.own()))
    }

    pub fn find(&self, key: &str) -> Option<Waiting> {
        Waiting::read(&self.storage.get_item(key).ok().flatten()?)
    }

    /// What waits of a field that is drawn with this text. What the desk has goes, and what had been
    /// put beside it takes its place.
    pub fn show(&self, key: &str, drawn: &str) -> Option<Waiting> {
        let mut places = self.keys(&format!("{key}{AND}"));
        places.insert(0, key.to_owned());
        places.retain(|place| match self.find(place) {
            Some(waiting) if waiting.text == drawn => {
                self.remove(place);
                false
            }
            found => found.is_some(),
        });
        let first = places.first()?;
        let waiting = self.find(first)?;
        self.remove(first);
        self.write(key, &waiting);
        Some(waiting)
    }

    fn write(&self, key: &str, waiting: &Waiting) {
        // Where the browser has no room left, nothing is kept: the page itself still has it.
        let _ = self.storage.set_item(key, &waiting.write());
    }

    fn keep(&self, key: &str, waiting: &Waiting) {
        self.write(key, waiting);
        know(key, &waiting.text);
    }

    pub fn remove(&self, key: &str) {
        // It cannot fail for a string.
        let _ = self.storage.remove_item(key);
    }

    pub fn keys(&self, prefix: &str) -> Vec<String> {
        let count = self.storage.length().unwrap_or_default();
        (0..count)
            .filter_map(|index| self.storage.key(index).ok().flatten())
            .filter(|key| key.starts_with(prefix))
            .collect()
    }

    pub fn clear(&self, prefix: &str) {
        for key in self.keys(prefix) {
            self.remove(&key);
        }
    }

    /// Takes away what has waited for too long, whoever it is of.
    pub fn tidy(&self) {
        let latest = js_sys::Date::now() - WEEK;
        for key in self.keys(&format!("{OURS}{AND}")) {
            if self.find(&key).is_none_or(|waiting| waiting.at < latest) {
                self.remove(&key);
            }
        }
    }

    /// Keeps what has been typed into a control, or nothing where it is as the desk has it. What
    /// another page of the same form has written meanwhile stays: this one's is put beside it.
    pub fn note(&self, control: &Control) {
        let prefix = control.form().and_then(|form| self.form(&form));
        let Some(key) = prefix.map(|prefix| prefix + &control.name()) else {
            return;
        };
        let stored = self.find(&key);
        let beside = format!("{key}{AND}{}", page());
        let is_anothers = stored.as_ref().is_some_and(|there| !there.is_known(&key));
        let place = if is_anothers {
            beside
        } else {
            self.remove(&beside);
            key
        };
        let waiting = Waiting {
            at: js_sys::Date::now(),
            by: page(),
            // A form that was refused is drawn with what was typed: the desk has what it had before.
            base: stored.map_or_else(|| control.drawn(), |there| there.base),
            field: control.label().replace(" (optional)", ""),
            title: title(),
            text: control.text(),
        };
        if waiting.text == waiting.base {
            self.remove(&place);
        } else {
            self.keep(&place, &waiting);
        }
    }

    /// This page is sending a text: it is the page's own from now on, whichever wrote it.
    pub fn sends(&self, key: &str, text: &str) {
        if let Some(waiting) = self.find(key).filter(|waiting| waiting.text == text) {
            let by = page();
            self.keep(key, &Waiting { by, ..waiting });
        }
    }

    /// Takes away what `page` wrote of a form up to `at`; what other pages have is theirs.
    pub fn settle(&self, prefix: &str, page: &str, at: f64) {
        for key in self.keys(prefix) {
            let is_gone = |waiting: &Waiting| waiting.by == page && waiting.at <= at;
            if self.find(&key).as_ref().is_none_or(is_gone) {
                self.remove(&key);
            }
        }
    }

    /// The desk has this text of a field by now.
    pub fn has_been_saved(&self, key: &str, text: &str) {
        let is_gone = |there: &Waiting| there.text == text || there.by == page();
        if self.find(key).as_ref().is_some_and(is_gone) {
            self.remove(key);
        }
        self.remove(&format!("{key}{AND}{}", page()));
    }
}

/// What this page is called, without what its title says of the desk and of errors.
fn title() -> String {
    let title = document().title();
    let title = title.strip_prefix("Error: ").unwrap_or(&title);
    let name = title.split(" · ").next().unwrap_or(title);
    name.to_owned()
}

/// This text stands in its field on this page, which may write over it from now on.
pub fn know(key: &str, text: &str) {
    PAGE.with(|page| {
        let mut known = page.known.borrow_mut();
        known.insert(key.to_owned(), text.to_owned());
    });
}

/// Whether a key under the prefix of a form is that of a field, and not of a text put beside it.
pub fn is_of_field(prefix: &str, key: &str) -> bool {
    key.strip_prefix(prefix)
        .is_some_and(|name| !name.contains(AND))
}
