use leptos::prelude::*;

/// Saves the form around it while it is being filled in, and says so quietly: "Saved 14:02 UTC".
///
/// `form` is the form's id, `saved` what is said before anything was typed, `step` what saves it where
/// its own step sends it. Without scripts the form is saved by its buttons, in the same way.
#[island]
pub fn Autosave(form: String, saved: String, step: String) -> impl IntoView {
    let said = RwSignal::new(saved);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| client::watch(&form, &step, said));
    #[cfg(not(feature = "hydrate"))]
    let _ = (form, step);
    view! {
        <p class="autosave quiet-text" role="status">
            {said}
        </p>
    }
}

#[cfg(feature = "hydrate")]
mod client {
    use super::super::{listen::listen, typed};
    use leptos::{prelude::*, task::spawn_local};
    use std::{cell::Cell, rc::Rc, time::Duration};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{
        Event, FormData, Headers, HtmlFormElement, HtmlInputElement, RequestInit, Response,
        UrlSearchParams,
    };

    /// What is said from the first key on.
    const NOT_YET: &str = "Not saved yet";

    /// How long after the last key a form is saved.
    const PAUSE: Duration = Duration::from_millis(1_500);

    /// How long after a saving that did not arrive it is tried again.
    const AGAIN: Duration = Duration::from_secs(5);

    /// The largest body that a browser still sends once the page is gone, in characters.
    const LARGEST_KEPT_ALIVE: u32 = 60_000;

    /// What there is to save of a form.
    #[derive(Default)]
    struct State {
        /// The address that saves it, where its own does more.
        saves: Option<String>,
        /// When it was last typed into, in milliseconds since 1970, each time a later one: only
        /// the last of several waiting savings goes out.
        typed: Cell<f64>,
        /// Up to where it has been saved.
        saved: Cell<f64>,
        /// The newest saving whose outcome has been said.
        said: Cell<f64>,
    }

    impl State {
        fn next(&self) -> f64 {
            // Later than what an earlier visit to the same page has sent.
            self.typed
                .set(js_sys::Date::now().max(self.typed.get() + 1.0));
            self.typed.get()
        }

        fn is_unsaved(&self) -> bool {
            self.saved.get() < self.typed.get()
        }
    }

    /// Saves the form with this id after each pause in typing, and when the page is left.
    pub fn watch(form: &str, step: &str, said: RwSignal<String>) {
        let found = document().get_element_by_id(form);
        let Some(form) = found.and_then(|element| element.dyn_into::<HtmlFormElement>().ok())
        else {
            return;
        };
        let state = Rc::new(State {
            saves: (!step.is_empty()).then(|| format!("/do/{step}")),
            ..State::default()
        });
        let on_input = {
            let (form, state) = (form.clone(), Rc::clone(&state));
            move |_: Event| {
                if !state.is_unsaved() {
                    said.set(NOT_YET.to_owned());
                }
                save_after(PAUSE, &form, &state, state.next(), said);
            }
        };
        // The form's own button saves as well; what waits need not. It is numbered like every
        // saving, for the page may stay open and be typed into again.
        let on_submit = {
            let (form, state) = (form.clone(), Rc::clone(&state));
            move |_: Event| {
                let order = state.next();
                state.saved.set(order);
                number(&form, order);
            }
        };
        listen(&form, "input", on_input);
        listen(&form, "submit", on_submit);
        if typed::was_typed_into(&form) {
            save_after(PAUSE, &form, &state, state.next(), said);
        }
        let on_leave = move |_: Event| {
            if state.is_unsaved() {
                spawn_local(save(
                    form.clone(),
                    Rc::clone(&state),
                    state.typed.get(),
                    said,
                ));
            }
        };
        listen(&window(), "pagehide", on_leave.clone());
        listen(&window(), typed::SAVE_NOW, on_leave.clone());
        let on_hide = move |event: Event| {
            if document().hidden() {
                on_leave(event);
            }
        };
        listen(&document(), "visibilitychange", on_hide);
    }

    fn save_after(
        pause: Duration,
        form: &HtmlFormElement,
        state: &Rc<State>,
        order: f64,
        said: RwSignal<String>,
    ) {
        let (form, state) = (form.clone(), Rc::clone(state));
        set_timeout(
            move || {
                if state.typed.get() == order && state.is_unsaved() {
                    spawn_local(save(form, state, order, said));
                }
            },
            pause,
        );
    }

    async fn save(form: HtmlFormElement, state: Rc<State>, order: f64, said: RwSignal<String>) {
        said.set("Saving…".to_owned());
        let sent = texts(&form);
        let address = state.saves.clone().unwrap_or_else(|| form.action());
        let outcome = send(&address, &sent, order).await;
        if order < state.said.replace(order.max(state.said.get())) {
            // A later saving has been answered before; what came of this one says nothing new.
            return;
        }
        let text = match outcome.as_ref().map(|answer| (answer.status, answer)) {
            Ok((200..300, _)) => {
                state.saved.set(state.saved.get().max(order));
                typed::saved(&form, &sent);
                if state.is_unsaved() {
                    NOT_YET.to_owned()
                } else if state.saves.is_some() {
                    format!("Saved {}, not sent yet", time_now())
                } else {
                    format!("Saved {}", time_now())
                }
            }
            Ok((403, answer)) => format!("Not saved: {} Your text stays here.", answer.message),
            Ok((401, _)) => {
                save_after(AGAIN, &form, &state, order, said);
                "Not saved: you are signed out. Your text stays here, and is saved once you sign in again in another tab.".to_owned()
            }
            Ok((409, answer)) if answer.conflict => {
                "Not saved: this was changed elsewhere. Save it by its button to compare."
                    .to_owned()
            }
            Ok((409, answer)) => format!("Not saved: {} Your text stays here.", answer.message),
            Ok((422, _)) => "Not saved: a text is too long to be kept.".to_owned(),
            Ok(_) | Err(_) => {
                save_after(AGAIN, &form, &state, order, said);
                "Not saved: the desk does not answer. Your text stays here; it is tried again."
                    .to_owned()
            }
        };
        said.set(text);
    }

    /// Writes the number of a saving into the form's own field for it.
    fn number(form: &HtmlFormElement, order: f64) {
        let field = form.elements().named_item("order");
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
            field.set_value(&order.to_string());
        }
    }

    /// What a form would send, but for files.
    fn texts(form: &HtmlFormElement) -> Vec<(String, String)> {
        let fields = FormData::new_with_form(form).ok();
        let pairs = fields.and_then(|fields| js_sys::try_iter(&fields).ok().flatten());
        let pair = |pair: Result<JsValue, JsValue>| {
            let pair = js_sys::Array::from(&pair.ok()?);
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        };
        pairs.into_iter().flatten().filter_map(pair).collect()
    }

    /// What the desk said to a saving.
    struct Answer {
        status: u16,
        /// Somebody has saved something else meanwhile.
        conflict: bool,
        /// Why it was refused, in a sentence.
        message: String,
    }

    impl Answer {
        async fn read(response: &Response) -> Self {
            let body = match response.json() {
                Ok(body) if !response.ok() => JsFuture::from(body).await.unwrap_or_default(),
                _ => JsValue::UNDEFINED,
            };
            let part = |name: &str| js_sys::Reflect::get(&body, &name.into()).unwrap_or_default();
            Self {
                status: response.status(),
                conflict: part("conflict").is_truthy(),
                message: part("message").as_string().unwrap_or_default(),
            }
        }
    }

    /// Sends the form as its button would, but asks for no page.
    async fn send(
        address: &str,
        texts: &[(String, String)],
        order: f64,
    ) -> Result<Answer, JsValue> {
        let body = UrlSearchParams::new()?;
        // The form's number is added below; what was kept of it goes when its button is pressed.
        for (name, value) in texts {
            if name != "order" && name != "kept" {
                body.append(name, value);
            }
        }
        body.append("order", &order.to_string());
        let headers = Headers::new()?;
        headers.set("Accept", "application/json")?;
        let request = RequestInit::new();
        request.set_method("POST");
        request.set_headers(&headers);
        request.set_body(&body);
        // Arrives also when the page is left meanwhile; browsers take no more than 64 kB that way.
        if body.to_string().length() < LARGEST_KEPT_ALIVE {
            js_sys::Reflect::set(&request, &"keepalive".into(), &true.into())?;
        }
        let sent = window().fetch_with_str_and_init(address, &request);
        let response: Response = JsFuture::from(sent).await?.dyn_into()?;
        Ok(Answer::read(&response).await)
    }

    /// The moment in the zone of all our pages, as `14:02 UTC`.
    fn time_now() -> String {
        let now = js_sys::Date::new_0();
        format!(
            "{:02}:{:02} UTC",
            now.get_utc_hours(),
            now.get_utc_minutes()
        )
    }
}
