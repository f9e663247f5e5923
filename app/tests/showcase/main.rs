//! Every component in every state, written to `showcase-*.html` in the target's `tmp` folder, so
//! that it can be looked at in a browser; and what must hold of any page made of them.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod developer;
mod staff;

use leptos::prelude::*;
use std::collections::BTreeSet;

/// Renders a page as the server does and writes it out.
fn page<V: IntoView>(name: &str, make: impl FnOnce() -> V) -> String {
    let owner = Owner::new();
    let body = owner.with(|| make().into_view().to_html());
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{name}</title>\
         <link rel=\"stylesheet\" href=\"/main.css\"></head><body>{body}</body></html>"
    );
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.html"));
    std::fs::write(path, &html).unwrap();
    html
}

fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    html.split(&format!(" {attribute}=\""))
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// No style that the content security policy would drop, no id twice, every reference lands.
fn is_sound(html: &str) {
    assert!(values(html, "style").is_empty(), "inline styles");
    let ids = values(html, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an id occurs twice: {ids:?}");
    for attribute in ["for", "aria-describedby", "popovertarget"] {
        for reference in values(html, attribute).iter().flat_map(|v| v.split(' ')) {
            assert!(
                unique.contains(reference),
                "{attribute}={reference} leads nowhere"
            );
        }
    }
    for target in values(html, "href")
        .iter()
        .filter_map(|h| h.strip_prefix('#'))
    {
        assert!(unique.contains(target), "#{target} leads nowhere");
    }
}

#[test]
fn the_pages_of_staff_are_sound() {
    is_sound(&page("showcase-queue", staff::queue));
    is_sound(&page("showcase-case", staff::case));
    is_sound(&page("showcase-pieces", staff::pieces));
}

#[test]
fn the_pages_of_developers_are_sound() {
    is_sound(&page("showcase-form", developer::form));
    is_sound(&page("showcase-application", developer::application));
    is_sound(&page("showcase-sign-in", developer::sign_in));
    is_sound(&page("showcase-signing", developer::signing));
}
