//! Signing: what is signed, who signs for whom, what it means, then the password or a passkey.

use super::{
    Button, Buttons, Code, CodeField, Confirm, Fact, Facts, Hash, PasswordField, Saying,
    SecretSlot, Slot, TextField, Weight, day_text,
};
use crate::web::with_passkey_path;
use casework::accounts::Means;
use leptos::prelude::*;
use workflow::Timestamp;

/// Which version of an agreement a page shows.
#[component]
pub fn AgreementVersion(version: u32, published: Timestamp, sha256: String) -> impl IntoView {
    view! {
        <p class="quiet-text">
            "Version " <Code text=version.to_string() /> ", published " {day_text(published)}
            ", SHA-256 " <Hash text=sha256 />
        </p>
    }
}

/// Who signs for whom, and what it means.
#[component]
pub fn Signing(
    signer: String,
    organisation: String,
    /// The name of what it is signed for, and which.
    subject: &'static str,
    about: String,
    meaning: &'static str,
    form: AnyView,
) -> impl IntoView {
    view! {
        <h2>"Accept and sign"</h2>
        <Facts>
            <Fact name="Signer">{signer}</Fact>
            <Fact name="For">{organisation}</Fact>
            <Fact name=subject>{about}</Fact>
            <Fact name="Meaning">{meaning}</Fact>
        </Facts>
        {form}
    }
}

/// The controls of the form that signs an agreement; `step` is its step.
#[component]
pub fn SigningFields(
    step: &'static str,
    capacity: Slot,
    consent: Slot,
    password: SecretSlot,
    code: SecretSlot,
    means: Means,
) -> impl IntoView {
    view! {
        <TextField
            of=capacity
            hint="For example: managing director."
            autocomplete="organization-title"
        />
        <Confirm of=consent />
        <SignedWith
            password=password
            code=code
            means=means
            hint="With it you sign. A signature given here binds as one by hand does."
        />
        <SignButtons means=means>
            <Button>"Accept agreement"</Button>
            <PasskeyButton step=step means=means />
        </SignButtons>
    }
}

/// Where a recovery code stands in for the app.
pub const OR_RECOVERY: &str = "Of the authenticator app, or a recovery code.";

/// What is typed to sign: the password, and a code where the person has an authenticator app.
#[component]
pub fn SignedWith(
    password: SecretSlot,
    code: SecretSlot,
    means: Means,
    /// What the password is asked for.
    #[prop(optional, into)]
    hint: String,
    /// Which code is asked for.
    #[prop(default = "That your authenticator app shows now. Each code signs once.")]
    code_hint: &'static str,
) -> impl IntoView {
    let without = means.passkey.then_some("Your passkey signs without it.");
    let hint = [hint.as_str(), without.unwrap_or_default()].join(" ");
    let code = means
        .code
        .then(|| view! { <CodeField of=code hint=code_hint /> });
    view! {
        <PasswordField of=password hint=hint.trim() />
        {code}
    }
}

/// The buttons of a form that is signed; with a passkey there are several.
#[component]
pub fn SignButtons(means: Means, children: Children) -> impl IntoView {
    let without = means.passkey.then(|| {
        view! {
            <noscript>
                <p class="quiet-text">
                    "Your browser runs no scripts on this page, and a passkey can be asked for by a script alone: sign with your password."
                </p>
            </noscript>
        }
    });
    view! {
        <Buttons>{children()}</Buttons>
        {without}
    }
}

/// Sends the form around it to be signed with a passkey; nothing for who has none.
#[component]
pub fn PasskeyButton(
    /// The step of the form.
    step: &'static str,
    means: Means,
    /// Where a form has several buttons: what this one says.
    #[prop(optional, into)]
    says: Option<Saying>,
    #[prop(default = "Sign with your passkey")] label: &'static str,
) -> impl IntoView {
    means.passkey.then(|| {
        view! {
            <button
                type="submit"
                class=format!("{} needs-scripts", Weight::Quiet.class())
                name=says.as_ref().map(|says| says.name)
                value=says.map(|says| says.value)
                formaction=with_passkey_path(step)
            >
                {label}
            </button>
        }
    })
}
