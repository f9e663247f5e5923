use leptos::prelude::*;

/// Tells the desk every half minute that a page of this case is open, and at once when somebody
/// begins to type into it, so that others see it on theirs.
#[island]
pub fn Presence(case: String) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| beat::start(case.clone()));
    #[cfg(not(feature = "hydrate"))]
    let _ = case;
}

#[cfg(feature = "hydrate")]
mod beat {
    use super::super::{listen::listen, typed};
    use leptos::prelude::*;
    use std::{cell::Cell, rc::Rc, time::Duration};
    use wasm_bindgen::JsValue;
    use web_sys::{Event, Headers, RequestInit};

    /// How often it is said that the page is open.
    const OPEN: Duration = Duration::from_secs(30);

    /// How often it is said that somebody types, as long as they do, in milliseconds.
    const TYPES: f64 = 15_000.0;

    pub fn start(case: String) {
        // Nothing depends on whether a beat arrives.
        drop(send(&case, false));
        let typed_at = Rc::new(Cell::new(f64::NEG_INFINITY));
        let on_input = {
            let case = case.clone();
            move |event: Event| {
                let now = js_sys::Date::now();
                if typed::is_typing(&event) && now - typed_at.get() > TYPES {
                    typed_at.set(now);
                    drop(send(&case, true));
                }
            }
        };
        listen(&document(), "input", on_input);
        if let Ok(handle) = set_interval_with_handle(move || drop(send(&case, false)), OPEN) {
            on_cleanup(move || handle.clear());
        }
    }

    fn send(case: &str, writing: bool) -> Result<(), JsValue> {
        let headers = Headers::new()?;
        headers.set("Content-Type", "application/x-www-form-urlencoded")?;
        headers.set("Accept", "application/json")?;
        let writing = if writing { "&writing=yes" } else { "" };
        let request = RequestInit::new();
        request.set_method("POST");
        request.set_headers(&headers);
        request.set_body(&format!("case={case}{writing}").into());
        // Whatever comes of it.
        let _ = window().fetch_with_str_and_init("/do/look_at", &request);
        Ok(())
    }
}
