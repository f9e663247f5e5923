use leptos::prelude::*;

/// A moment as the server wrote it; in the browser its tooltip also says it in the reader's zone.
///
/// `iso` is RFC 3339 in UTC, `text` what the page shows.
#[island]
pub fn LocalTime(iso: String, text: String) -> impl IntoView {
    let title = RwSignal::new(format!("{iso} (UTC)"));
    #[cfg(feature = "hydrate")]
    {
        let iso = iso.clone();
        Effect::new(move |_| {
            if let Some(local) = in_readers_zone(&iso) {
                title.set(local);
            }
        });
    }
    view! { <time datetime=iso title=title>{text}</time> }
}

/// The moment in the reader's own zone and language; `None` where the browser cannot read it.
#[cfg(feature = "hydrate")]
fn in_readers_zone(iso: &str) -> Option<String> {
    use leptos::wasm_bindgen::JsValue;

    let date = js_sys::Date::new(&JsValue::from_str(iso));
    (!date.get_time().is_nan()).then(|| String::from(date.to_string()))
}
