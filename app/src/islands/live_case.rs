use leptos::prelude::*;

/// Who else has the case open, and, once others have changed it since the page was drawn, what they
/// did, with a button that shows the page again. Nothing else of the page changes.
///
/// `person` is for whom the page was drawn, `from` the newest event of the trail that it knows of.
/// Without scripts it says who had the case open when it was drawn.
#[island]
pub fn LiveCase(
    person: String,
    case: String,
    from: i64,
    viewing: Vec<String>,
    writing: Vec<String>,
) -> impl IntoView {
    let here = RwSignal::new(others(&viewing, &writing));
    let said = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| client::watch(&person, &case, from, here, said));
    #[cfg(not(feature = "hydrate"))]
    let _ = (person, case, from);
    let again = move |_| {
        #[cfg(feature = "hydrate")]
        client::show_again();
    };
    view! {
        <div class="live">
            <p class="here" hidden=move || here.with(String::is_empty)>
                {here}
            </p>
            <div role="status">
                <div class="notice" data-tone="attention" hidden=move || said.with(String::is_empty)>
                    <div class="text">
                        <p>{said}</p>
                        <button type="button" class="button link" on:click=again>
                            "Show the page again"
                        </button>
                    </div>
                </div>
            </div>
        </div>
    }
}

/// "Priya is viewing this case. Akira is writing."
fn others(viewing: &[String], writing: &[String]) -> String {
    let sentence = |names: &[String], what: &str| match names {
        [] => None,
        [one] => Some(format!("{one} is {what}.")),
        many => Some(format!("{} are {what}.", many.join(", "))),
    };
    let sentences = [
        sentence(writing, "writing in this case"),
        sentence(viewing, "viewing this case"),
    ];
    sentences
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(feature = "hydrate")]
mod client {
    use super::super::{
        listen::listen,
        live::{Told, hear},
        workspace_swap::{AGAIN, SWAPPED},
    };
    use leptos::prelude::*;
    use std::{cell::Cell, rc::Rc};
    use web_sys::Event;

    pub fn watch(
        person: &str,
        case: &str,
        from: i64,
        here: RwSignal<String>,
        said: RwSignal<String>,
    ) {
        let case = case.to_owned();
        let changes = Rc::new(Cell::new(0_u32));
        let known = Rc::clone(&changes);
        // What was told until then is on the page.
        listen(&document(), SWAPPED, move |_: Event| {
            known.set(0);
            said.set(String::new());
        });
        hear(person, from, move |told: &Told| {
            let kind = told.text("told");
            if kind == "much" {
                said.set("Much has happened at the desk since this page was shown.".to_owned());
            } else if told.text("case") == case {
                if kind == "here" {
                    here.set(super::others(
                        &told.texts("viewing"),
                        &told.texts("writing"),
                    ));
                } else {
                    changes.set(changes.get() + 1);
                    said.set(match changes.get() {
                        1 => format!("{}.", told.sentence()),
                        many => format!("{many} changes, the last: {}.", told.sentence()),
                    });
                }
            }
        });
    }

    /// What was typed and not sent stands in its form again (`typed`).
    pub fn show_again() {
        let in_place = document().query_selector("body[data-workspace]");
        if in_place.is_ok_and(|found| found.is_some())
            && let Ok(again) = Event::new(AGAIN)
        {
            // Nobody stops it.
            let _ = document().dispatch_event(&again);
        } else {
            // It cannot fail on a page of ours.
            let _ = window().location().reload();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::others;

    #[test]
    fn it_says_who_reads_and_who_writes() {
        let names = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        let said = |viewing, writing| others(&names(viewing), &names(writing));
        assert_eq!(said(&[], &[]), "");
        assert_eq!(said(&["Priya"], &[]), "Priya is viewing this case.");
        assert_eq!(
            said(&["Lena", "Sam"], &["Priya"]),
            "Priya is writing in this case. Lena, Sam are viewing this case."
        );
    }
}
