use leptos::prelude::*;

/// Looks for answers while a subject is typed: `fields` are the ids of where it is typed, joined by
/// spaces, `place` the id of where the answers stand. Without scripts a button looks for them.
#[island]
pub fn SimilarAnswers(fields: String, place: String) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| client::watch(&fields, &place));
    #[cfg(not(feature = "hydrate"))]
    let _ = (fields, place);
}

#[cfg(feature = "hydrate")]
mod client {
    use super::super::listen::listen;
    use leptos::{prelude::*, task::spawn_local};
    use std::{cell::Cell, rc::Rc, time::Duration};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{Event, HtmlInputElement, Response};

    /// How long after the last key answers are looked for.
    const PAUSE: Duration = Duration::from_millis(300);

    pub fn watch(fields: &str, place: &str) {
        // The newest search: what comes of an earlier one is not shown any more.
        let newest = Rc::new(Cell::new(0_u32));
        for id in fields.split_whitespace() {
            let found = document().get_element_by_id(id);
            let Some(field) = found.and_then(|field| field.dyn_into::<HtmlInputElement>().ok())
            else {
                continue;
            };
            let (newest, place, input) = (Rc::clone(&newest), place.to_owned(), field.clone());
            listen(&field, "input", move |_: Event| {
                let search = newest.get().wrapping_add(1);
                newest.set(search);
                let (newest, place, input) = (Rc::clone(&newest), place.clone(), input.clone());
                set_timeout(
                    move || {
                        if newest.get() == search {
                            spawn_local(look(input.value(), place, newest, search));
                        }
                    },
                    PAUSE,
                );
            });
        }
    }

    /// Shows the answers to a subject; where the desk does not answer, those before stay.
    async fn look(subject: String, place: String, newest: Rc<Cell<u32>>, search: u32) {
        let Ok(html) = fetch(&subject).await else {
            return;
        };
        let place = document().get_element_by_id(&place);
        if let Some(place) = place.filter(|_| newest.get() == search) {
            place.set_inner_html(&html);
        }
    }

    /// The answers as the desk draws them.
    async fn fetch(subject: &str) -> Result<String, JsValue> {
        let subject = js_sys::encode_uri_component(subject);
        let url = format!("/support/answers?subject={subject}");
        let sent = window().fetch_with_str(&url);
        let response: Response = JsFuture::from(sent).await?.dyn_into()?;
        if !response.ok() {
            return Err(JsValue::NULL);
        }
        let text = JsFuture::from(response.text()?).await?;
        text.as_string().ok_or(JsValue::NULL)
    }
}
