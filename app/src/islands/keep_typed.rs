use leptos::prelude::*;

/// Keeps in the browser what `person` types into the forms of the page, until the desk has it: a
/// page that is left, reloaded or closed shows it again. One for each page; without scripts what is
/// typed is sent by the form's button.
#[island]
pub fn KeepTyped(person: String) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| super::typed::watch(&person));
    #[cfg(not(feature = "hydrate"))]
    let _ = person;
}
