//! A button that copies a text of the page. Without scripts there is none.

use leptos::prelude::*;

/// Copies the text of the element `from`, by its id.
#[island]
pub fn CopyButton(from: String) -> impl IntoView {
    let (ready, set_ready) = signal(false);
    let (said, set_said) = signal("");
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| set_ready.set(true));
    #[cfg(not(feature = "hydrate"))]
    let _ = (set_ready, set_said);
    let press = move |_| {
        #[cfg(feature = "hydrate")]
        clipboard::copy(&from, set_said);
        #[cfg(not(feature = "hydrate"))]
        let _ = &from;
    };
    view! {
        <span class="row">
            <button type="button" class="button quiet" hidden=move || !ready.get() on:click=press>
                "Copy"
            </button>
            <span role="status">{move || said.get()}</span>
        </span>
    }
}

#[cfg(feature = "hydrate")]
mod clipboard {
    use js_sys::{Function, Promise, Reflect};
    use leptos::{
        leptos_dom::helpers::document,
        prelude::*,
        task::spawn_local,
        wasm_bindgen::{JsCast, JsValue},
    };
    use wasm_bindgen_futures::JsFuture;

    pub fn copy(from: &str, said: WriteSignal<&'static str>) {
        let text = document()
            .get_element_by_id(from)
            .and_then(|element| element.text_content())
            .unwrap_or_default();
        match write(&text) {
            Ok(written) => spawn_local(async move {
                said.set(match JsFuture::from(written).await {
                    Ok(_) => "Copied",
                    Err(_) => BY_HAND,
                });
            }),
            Err(_) => said.set(BY_HAND),
        }
    }

    /// A browser lets no page copy that did not come safely.
    const BY_HAND: &str = "Your browser does not let us; select the text and copy it";

    fn write(text: &str) -> Result<Promise, JsValue> {
        let window = JsValue::from(window());
        let navigator = Reflect::get(&window, &JsValue::from_str("navigator"))?;
        let clipboard = Reflect::get(&navigator, &JsValue::from_str("clipboard"))?;
        let write: Function =
            Reflect::get(&clipboard, &JsValue::from_str("writeText"))?.dyn_into()?;
        write
            .call1(&clipboard, &JsValue::from_str(text))?
            .dyn_into()
    }
}
