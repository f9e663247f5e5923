//! What is said on a page of text that waits in the browser.

use super::listen::listen;
use leptos::prelude::*;
use web_sys::{Element, Event};

/// A notice that stands nowhere yet, and the place for more in it.
pub fn notice(said: &str) -> Option<(Element, Element)> {
    let make = |tag: &str, class: &str| {
        let made = document().create_element(tag).ok()?;
        made.set_class_name(class);
        Some(made)
    };
    let (notice, text, sentence) = (make("div", "notice")?, make("div", "text")?, make("p", "")?);
    notice.set_attribute("data-tone", "info").ok()?;
    notice.set_attribute("role", "status").ok()?;
    sentence.set_text_content(Some(said));
    text.append_child(&sentence).ok()?;
    notice.append_child(&text).ok()?;
    Some((notice, text))
}

/// A button at the end of a notice.
pub fn button(place: &Element, words: &str, press: impl Fn(&Element) + 'static) {
    let Ok(made) = document().create_element("button") else {
        return;
    };
    // Neither can fail: both are attributes of a button.
    let _ = made.set_attribute("type", "button");
    made.set_class_name("button link");
    made.set_text_content(Some(words));
    let _ = place.append_child(&made);
    let this = made.clone();
    listen(&made, "click", move |_: Event| press(&this));
}

/// `26 Nov, 14:02 UTC`: in the zone of all our pages.
pub fn moment(at: f64) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let date = js_sys::Date::new(&at.into());
    let month = usize::try_from(date.get_utc_month())
        .ok()
        .and_then(|month| MONTHS.get(month))
        .copied()
        .unwrap_or_default();
    format!(
        "{} {month}, {:02}:{:02} UTC",
        date.get_utc_date(),
        date.get_utc_hours(),
        date.get_utc_minutes()
    )
}
