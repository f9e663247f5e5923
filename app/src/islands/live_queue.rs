use leptos::prelude::*;

/// Marks the rows of the queue whose cases were changed since the list was drawn, says how many, and
/// has a button that shows the list again at its place. No row moves by itself.
///
/// `person` is for whom the page was drawn, `from` the newest event of the trail that it knows of.
/// Without scripts there is nothing to see of it.
#[island]
pub fn LiveQueue(person: String, from: i64) -> impl IntoView {
    let (here, elsewhere) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| client::watch(&person, from, here, elsewhere));
    #[cfg(not(feature = "hydrate"))]
    let _ = (person, from);
    let again = move |_| {
        #[cfg(feature = "hydrate")]
        client::show_again();
    };
    let is_quiet = move || here.with(String::is_empty) && elsewhere.with(String::is_empty);
    view! {
        <div class="live row">
            <span role="status">{here}</span>
            <span class="soft">{elsewhere}</span>
            <button type="button" class="button link" hidden=is_quiet on:click=again>
                "Show the list again"
            </button>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod client {
    use super::super::live::{Told, hear};
    use leptos::{leptos_dom::helpers::document, prelude::*};
    use std::cell::RefCell;
    use web_sys::Element;

    pub fn watch(person: &str, from: i64, here: RwSignal<String>, elsewhere: RwSignal<String>) {
        let cases = RefCell::new((Vec::new(), Vec::new()));
        hear(person, from, move |told: &Told| {
            match told.text("told").as_str() {
                "much" => here.set("Much has changed.".to_owned()),
                "case" => {
                    let case = told.text("case");
                    let (listed, others) = &mut *cases.borrow_mut();
                    let (changed, said, place) = match mark(&case, &told.sentence()) {
                        true => (listed, here, "in this list"),
                        false => (others, elsewhere, "elsewhere"),
                    };
                    if !changed.contains(&case) {
                        changed.push(case);
                    }
                    said.set(counted(changed.len(), place));
                }
                _ => {}
            }
        });
    }

    fn counted(many: usize, place: &str) -> String {
        match many {
            1 => format!("1 case {place} changed."),
            many => format!("{many} cases {place} changed."),
        }
    }

    /// Says in the row of a case what happened to it; false where the list does not show it.
    fn mark(case: &str, sentence: &str) -> bool {
        let link = format!("tr.leads a.lead[href=\"/cases/{case}\"]");
        let row = document().query_selector(&link).ok().flatten();
        let Some(row) = row.and_then(|link| link.closest("tr").ok().flatten()) else {
            return false;
        };
        if let Some(line) = line_of(&row) {
            line.set_text_content(Some(&format!("Just now: {sentence}")));
        }
        true
    }

    /// The line in a row for what happened to its case.
    fn line_of(row: &Element) -> Option<Element> {
        let place = row.query_selector(".whole").ok().flatten()?;
        if let Some(line) = place.query_selector(".changed").ok().flatten() {
            return Some(line);
        }
        let line = document().create_element("span").ok()?;
        line.set_class_name("under changed");
        place.append_child(&line).ok()?;
        Some(line)
    }

    pub fn show_again() {
        // It cannot fail on a page of ours.
        let _ = window().location().reload();
    }
}
