use leptos::prelude::*;

/// Saves the form around it while it is being filled in, and says so quietly: "Saved 14:02".
///
/// `form` is the form's id, `saved` what is said before anything was typed. Without scripts the
/// form is saved by its buttons, in the same way.
#[island]
pub fn Autosave(form: String, saved: String) -> impl IntoView {
    let said = RwSignal::new(saved);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| client::watch(&form, said));
    #[cfg(not(feature = "hydrate"))]
    let _ = form;
    view! {
        <p class="autosave quiet-text" role="status">
            {said}
        </p>
    }
}

#[cfg(feature = "hydrate")]
mod client {
    use leptos::{prelude::*, task::spawn_local};
    use std::{cell::Cell, rc::Rc, time::Duration};
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{
        Event, FormData, Headers, HtmlFormElement, RequestInit, Response, UrlSearchParams,
    };

    /// How long after the last key a form is saved.
    const PAUSE: Duration = Duration::from_millis(1_500);

    /// Saves the form with this id after each pause in typing.
    pub fn watch(form: &str, said: RwSignal<String>) {
        let found = document().get_element_by_id(form);
        let Some(form) = found.and_then(|element| element.dyn_into::<HtmlFormElement>().ok())
        else {
            return;
        };
        // Counts what was typed: only the last of several waiting savings goes out.
        let typed = Rc::new(Cell::new(0_u32));
        let on_input = {
            let (form, typed) = (form.clone(), Rc::clone(&typed));
            move |_: Event| {
                let order = typed.get() + 1;
                typed.set(order);
                let (form, typed) = (form.clone(), Rc::clone(&typed));
                set_timeout(
                    move || {
                        if typed.get() == order {
                            spawn_local(save(form, order, said));
                        }
                    },
                    PAUSE,
                );
            }
        };
        // The form's own button saves as well; what waits need not.
        let on_submit = move |_: Event| typed.set(typed.get() + 1);
        listen(&form, "input", on_input);
        listen(&form, "submit", on_submit);
    }

    fn listen(form: &HtmlFormElement, event: &str, then: impl FnMut(Event) + 'static) {
        let then = Closure::<dyn FnMut(Event)>::new(then);
        let added = form.add_event_listener_with_callback(event, then.as_ref().unchecked_ref());
        if added.is_ok() {
            // Lives as long as the page.
            then.forget();
        }
    }

    async fn save(form: HtmlFormElement, order: u32, said: RwSignal<String>) {
        said.set("Saving…".to_owned());
        said.set(match send(&form, order).await {
            Ok(200..300) => format!("Saved {}", time_now()),
            Ok(401) => "Not saved: you are signed out. Your text stays here; sign in in another tab, then type on.".to_owned(),
            Ok(409) => "Not saved: this step was changed elsewhere. Press \"Save and continue\" to compare.".to_owned(),
            Ok(422) => "Not saved: a text is too long to be kept.".to_owned(),
            Ok(_) | Err(_) => "Not saved: the desk does not answer. Your text stays here; it is tried again as you type.".to_owned(),
        });
    }

    /// Sends the form as its button would, but asks for no page; answers the status.
    async fn send(form: &HtmlFormElement, order: u32) -> Result<u16, JsValue> {
        let fields = FormData::new_with_form(form)?;
        let body = UrlSearchParams::new()?;
        if let Some(pairs) = js_sys::try_iter(&fields)? {
            for pair in pairs {
                let pair = js_sys::Array::from(&pair?);
                let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string())
                else {
                    continue;
                };
                // The key of the form is kept for its button.
                if name != "once" {
                    body.append(&name, &value);
                }
            }
        }
        body.append("order", &order.to_string());
        let headers = Headers::new()?;
        headers.set("Accept", "application/json")?;
        let request = RequestInit::new();
        request.set_method("POST");
        request.set_headers(&headers);
        request.set_body(&body);
        let sent = window().fetch_with_str_and_init(&form.action(), &request);
        let response: Response = JsFuture::from(sent).await?.dyn_into()?;
        Ok(response.status())
    }

    /// The reader's own clock, as `14:02`.
    fn time_now() -> String {
        let now = js_sys::Date::new_0();
        format!("{:02}:{:02}", now.get_hours(), now.get_minutes())
    }
}
