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
    use super::super::live::{Told, hear};
    use leptos::prelude::*;
    use std::cell::Cell;

    pub fn watch(
        person: &str,
        case: &str,
        from: i64,
        here: RwSignal<String>,
        said: RwSignal<String>,
    ) {
        let case = case.to_owned();
        let changes = Cell::new(0_u32);
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
        // It cannot fail on a page of ours.
        let _ = window().location().reload();
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
