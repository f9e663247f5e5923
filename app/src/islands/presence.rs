use leptos::prelude::*;

/// Tells the desk every half minute that this page is open, so that others see it on theirs.
#[island]
pub fn Presence(case: String) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| beat::start(case.clone()));
    #[cfg(not(feature = "hydrate"))]
    let _ = case;
}

#[cfg(feature = "hydrate")]
mod beat {
    use js_sys::{Function, Object, Reflect};
    use leptos::{
        prelude::*,
        wasm_bindgen::{JsCast, JsValue},
    };
    use std::time::Duration;

    pub fn start(case: String) {
        // Nothing depends on whether a beat arrives.
        drop(send(&case));
        let every = Duration::from_secs(30);
        if let Ok(handle) = set_interval_with_handle(move || drop(send(&case)), every) {
            on_cleanup(move || handle.clear());
        }
    }

    fn send(case: &str) -> Result<(), JsValue> {
        let set = |object: &Object, name: &str, value: &JsValue| {
            Reflect::set(object, &JsValue::from_str(name), value).map(|_| ())
        };
        let headers = Object::new();
        let form = JsValue::from_str("application/x-www-form-urlencoded");
        set(&headers, "Content-Type", &form)?;
        set(&headers, "Accept", &JsValue::from_str("application/json"))?;
        let request = Object::new();
        set(&request, "method", &JsValue::from_str("POST"))?;
        set(&request, "headers", &headers)?;
        set(
            &request,
            "body",
            &JsValue::from_str(&format!("case={case}")),
        )?;
        let window = JsValue::from(window());
        let fetch: Function = Reflect::get(&window, &JsValue::from_str("fetch"))?.dyn_into()?;
        let url = JsValue::from_str("/do/look_at");
        fetch.call2(&window, &url, &request).map(|_| ())
    }
}
