use leptos::prelude::*;

/// The keyboard of the queue: `j` and `k` move, Enter opens, `/` searches, `g` gets the next case,
/// `s` snoozes the one with the focus, `x` marks it, `a` does something with the marked, `?` says which
/// keys there are. Without scripts the
/// page has links and buttons for all of it.
#[island]
pub fn QueueKeys() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| keys::listen());
}

#[cfg(feature = "hydrate")]
mod keys {
    use super::super::{
        queue_list::remember_list,
        single_keys::{opens_help, single_key},
    };
    use leptos::{
        leptos_dom::helpers::{document, window_event_listener},
        prelude::*,
        wasm_bindgen::JsCast,
        web_sys::{Element, HtmlElement, HtmlFormElement, HtmlInputElement, Storage},
    };

    pub fn listen() {
        remember_list();
        let handle = window_event_listener(leptos::ev::keydown, move |event| {
            if single_key(&event).is_some_and(|key| act(&key)) {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
        if let Some(body) = document().body() {
            let _ = body.set_attribute("data-queue", "ready");
        }
    }

    fn act(key: &str) -> bool {
        match key {
            "j" => step(1),
            "k" => step(-1),
            "/" => search(),
            "g" => get_next(),
            "s" => snooze(),
            "x" => mark(),
            "a" => act_on_marked(),
            "?" => opens_help(),
            _ => false,
        }
    }

    /// Under which this window knows the case on which the keys were last, and those that followed it.
    const LAST: &str = "queue-last";

    /// Moves the focus to the next or previous case; Enter then opens it, as with any link. Who comes
    /// back to the list goes on where the keys were last, or where that case stood if it has left the
    /// list since.
    fn step(by: i8) -> bool {
        let here = document()
            .active_element()
            .and_then(|active| active.closest("tr.leads").ok().flatten());
        let row = match here.map(Last::Here).or_else(last) {
            None => find("tr.leads"),
            Some(Last::Before(row)) if by > 0 => Some(row),
            Some(Last::Here(row)) if by > 0 => row.next_element_sibling(),
            Some(Last::Here(row) | Last::Before(row)) => row.previous_element_sibling(),
        };
        let Some((row, link)) = row.and_then(|row| Some((row.clone(), link_of(&row)?))) else {
            return false;
        };
        if let Some(shelf) = shelf() {
            let rows = std::iter::successors(Some(row), Element::next_element_sibling);
            let hrefs: Vec<String> = rows
                .filter_map(|row| link_of(&row)?.get_attribute("href"))
                .collect();
            // Where nothing is kept the keys begin with the first case.
            let _ = shelf.set_item(LAST, &hrefs.join(" "));
        }
        link.focus().is_ok()
    }

    fn link_of(row: &Element) -> Option<HtmlElement> {
        let link = row.query_selector("a.lead").ok().flatten()?;
        link.dyn_into().ok()
    }

    fn shelf() -> Option<Storage> {
        window().session_storage().ok().flatten()
    }

    /// Where the keys were last.
    enum Last {
        /// On this row.
        Here(Element),
        /// Before this one, on one that has left the list.
        Before(Element),
    }

    fn last() -> Option<Last> {
        let kept = shelf()?.get_item(LAST).ok().flatten()?;
        let row = |href: &str| -> Option<Element> {
            let link: Element = find(&format!("tr.leads a.lead[href=\"{href}\"]"))?;
            link.closest("tr.leads").ok().flatten()
        };
        let mut hrefs = kept.split(' ');
        match hrefs.next().and_then(row) {
            Some(row) => Some(Last::Here(row)),
            None => hrefs.find_map(row).map(Last::Before),
        }
    }

    fn search() -> bool {
        find::<HtmlInputElement>("form.filters input[name=q]")
            .is_some_and(|field| field.focus().is_ok())
    }

    fn get_next() -> bool {
        find::<HtmlFormElement>("#get_next").is_some_and(|form| form.request_submit().is_ok())
    }

    /// Goes to where something is done with the marked cases; with the one on which the keys are, where
    /// none is marked.
    fn act_on_marked() -> bool {
        if find::<HtmlInputElement>("input.mark:checked").is_none() && !mark() {
            return false;
        }
        find::<HtmlElement>("#bulk button").is_some_and(|button| {
            button.click();
            true
        })
    }

    /// Marks the case with the focus, or takes the mark away.
    fn mark() -> bool {
        let row = document()
            .active_element()
            .and_then(|active| active.closest("tr.leads").ok().flatten());
        row.and_then(|row| row.query_selector("input.mark").ok().flatten())
            .and_then(|mark| mark.dyn_into::<HtmlElement>().ok())
            .map(|mark| mark.click())
            .is_some()
    }

    /// Opens the case with the focus where it is snoozed.
    fn snooze() -> bool {
        let row = document()
            .active_element()
            .and_then(|active| active.closest("tr.leads").ok().flatten());
        let link = row.and_then(|row| row.query_selector("a.lead").ok().flatten());
        let href = link.and_then(|link| link.get_attribute("href"));
        href.is_some_and(|href| {
            let location = window().location();
            location
                .set_href(&format!("{href}?snooze=1#snoozing"))
                .is_ok()
        })
    }

    fn find<T: JsCast>(selector: &str) -> Option<T> {
        document()
            .query_selector(selector)
            .ok()
            .flatten()?
            .dyn_into()
            .ok()
    }
}
