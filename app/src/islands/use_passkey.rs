//! Asks the browser for a passkey and sends its answer by the form of the page. Without scripts there
//! is no way to ask.

use leptos::prelude::*;

/// Asks at once, and again at the press of a button. `options` is what the desk handed out, as JSON;
/// `form` the id of the form whose unseen field `credential` takes the answer; `makes` whether a new
/// passkey is made; `button` the words on the button.
#[island]
pub fn UsePasskey(options: String, form: String, makes: bool, button: String) -> impl IntoView {
    let (ready, set_ready) = signal(false);
    let (said, set_said) = signal(String::new());
    #[cfg(feature = "hydrate")]
    {
        let (options, form) = (options.clone(), form.clone());
        Effect::new(move |_| {
            set_ready.set(true);
            client::ask(&options, &form, makes, set_said);
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = set_ready;
    let press = move |_| {
        #[cfg(feature = "hydrate")]
        client::ask(&options, &form, makes, set_said);
        #[cfg(not(feature = "hydrate"))]
        let _ = (&options, &form, makes, set_said);
    };
    view! {
        <div class="stack">
            <p role="status">{move || said.get()}</p>
            <button type="button" class="button primary" hidden=move || !ready.get() on:click=press>
                {button}
            </button>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod client {
    use super::super::base64url::{decoded, encoded};
    use js_sys::{Array, ArrayBuffer, Function, JSON, Object, Promise, Reflect, Uint8Array};
    use leptos::{leptos_dom::helpers::document, prelude::*, task::spawn_local};
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{HtmlFormElement, HtmlInputElement};

    const WAITING: &str = "Your browser asks for your passkey now.";
    const SENDING: &str = "Thank you. One moment …";

    pub fn ask(options: &str, form: &str, makes: bool, said: WriteSignal<String>) {
        let (options, form) = (options.to_owned(), form.to_owned());
        said.set(WAITING.to_owned());
        spawn_local(async move {
            match answer(&options, makes).await {
                Ok(answer) if send(&form, &answer).is_some() => said.set(SENDING.to_owned()),
                Ok(_) => said.set(in_words("", makes)),
                Err(error) => {
                    let name = get(&error, "name").ok().and_then(|name| name.as_string());
                    said.set(in_words(&name.unwrap_or_default(), makes));
                }
            }
        });
    }

    /// What went wrong, by the name that browsers have for it (WebAuthn, 5.1.3 and 5.1.4).
    fn in_words(name: &str, makes: bool) -> String {
        match name {
            "NotAllowedError" | "AbortError" | "TimeoutError" => {
                "Nothing was done: it was cancelled, took too long, or there is no passkey for this desk here. Try again, or go another way."
            }
            "InvalidStateError" if makes => {
                "This device or password manager has a passkey for your account already. Choose another one."
            }
            "NotSupportedError" | "ConstraintError" => {
                "This device cannot be used: a passkey needs one that asks for a PIN, a finger or a face. Choose another one."
            }
            "SecurityError" => {
                "Passkeys do not work under the address that this page was opened under. Open the desk under its own name."
            }
            UNKNOWN => "This browser does not know passkeys. Use another one, or go another way.",
            _ => "Your browser could not use a passkey. Try again, or go another way.",
        }
        .to_owned()
    }

    /// For a browser without passkeys.
    const UNKNOWN: &str = "no passkeys";

    /// The answer of the browser, as the JSON that the desk reads.
    async fn answer(options: &str, makes: bool) -> Result<String, JsValue> {
        let window = JsValue::from(window());
        if get(&window, "PublicKeyCredential")?.is_undefined() {
            return Err(js_error(UNKNOWN)?);
        }
        let credentials = get(&get(&window, "navigator")?, "credentials")?;
        let what = if makes { "create" } else { "get" };
        let ask: Function = get(&credentials, what)?.dyn_into()?;
        let argument = Object::new();
        set(&argument, "publicKey", &readable(options)?)?;
        let promise: Promise = ask.call1(&credentials, &argument)?.dyn_into()?;
        let credential = JsFuture::from(promise).await?;
        let response = get(&credential, "response")?;
        let told = Object::new();
        for part in [
            "clientDataJSON",
            "attestationObject",
            "authenticatorData",
            "signature",
            "userHandle",
        ] {
            if let Ok(bytes) = get(&response, part)?.dyn_into::<ArrayBuffer>() {
                set(&told, part, &text_of(&bytes))?;
            }
        }
        let whole = Object::new();
        let raw: ArrayBuffer = get(&credential, "rawId")?.dyn_into()?;
        set(&whole, "id", &text_of(&raw))?;
        set(&whole, "rawId", &text_of(&raw))?;
        set(&whole, "type", &get(&credential, "type")?)?;
        set(&whole, "response", &told)?;
        Ok(JSON::stringify(&whole)?.into())
    }

    /// The options with bytes where the desk's JSON has texts.
    fn readable(options: &str) -> Result<JsValue, JsValue> {
        let options = JSON::parse(options)?;
        to_bytes(&options, "challenge")?;
        let user = get(&options, "user")?;
        if user.is_object() {
            to_bytes(&user, "id")?;
        }
        for list in ["allowCredentials", "excludeCredentials"] {
            if let Ok(list) = get(&options, list)?.dyn_into::<Array>() {
                for one in list.iter() {
                    to_bytes(&one, "id")?;
                }
            }
        }
        Ok(options)
    }

    fn to_bytes(object: &JsValue, key: &str) -> Result<(), JsValue> {
        let text = get(object, key)?.as_string().unwrap_or_default();
        let bytes = decoded(&text).ok_or(JsValue::NULL)?;
        Reflect::set(object, &key.into(), &Uint8Array::from(bytes.as_slice()))?;
        Ok(())
    }

    fn text_of(bytes: &ArrayBuffer) -> JsValue {
        encoded(&Uint8Array::new(bytes).to_vec()).into()
    }

    fn get(object: &JsValue, key: &str) -> Result<JsValue, JsValue> {
        Reflect::get(object, &key.into())
    }

    fn set(object: &Object, key: &str, value: &JsValue) -> Result<(), JsValue> {
        Reflect::set(object, &key.into(), value)?;
        Ok(())
    }

    fn js_error(name: &str) -> Result<JsValue, JsValue> {
        let error = Object::new();
        set(&error, "name", &name.into())?;
        Ok(error.into())
    }

    /// Puts the answer into the form and sends it.
    fn send(form: &str, answer: &str) -> Option<()> {
        let form: HtmlFormElement = document().get_element_by_id(form)?.dyn_into().ok()?;
        let field = form.elements().named_item("credential")?;
        field.dyn_into::<HtmlInputElement>().ok()?.set_value(answer);
        form.submit().ok()
    }
}
