//! Signing an agreement: what is signed, who signs for whom, what it means, then the password.

use super::{
    Button, Code, Confirm, Fact, Facts, Hash, PasswordField, SecretSlot, Slot, TextField, day_text,
};
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

/// The controls of the form that signs.
#[component]
pub fn SigningFields(capacity: Slot, consent: Slot, password: SecretSlot) -> impl IntoView {
    view! {
        <TextField
            of=capacity
            hint="For example: managing director."
            autocomplete="organization-title"
        />
        <Confirm of=consent />
        <PasswordField
            of=password
            hint="With it you sign. A signature given here binds as one by hand does."
        />
        <Button>"Accept agreement"</Button>
    }
}
