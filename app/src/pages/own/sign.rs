//! `/account/sign`: what a passkey is asked to sign, while the browser asks for it.

use crate::{
    components::{ButtonLink, Card, Fact, Facts, Hash, More, NotByEnter, PageHead, Time},
    islands::UsePasskey,
    pages::{apps::new_secret, sign_in::NoScripts},
    web::{Page, page, page_of},
};
use casework::{
    accounts::{SignWithPasskeyInput, to_sign},
    input::SecretText,
};
use leptos::prelude::*;

/// What was to be signed has been, or it is too late for it.
fn nothing_waits() -> Page {
    Page::narrow(
        "Nothing waits to be signed",
        view! {
            <PageHead
                title="Nothing waits to be signed"
                lead="It was signed already, was refused, or waited for more than five minutes. Its own page says where it stands."
            />
            <ButtonLink href="/">"Go on"</ButtonLink>
        },
    )
}

/// The page.
#[component]
pub fn SignPage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?;
        let secret = new_secret().unwrap_or_default();
        let Some(what) = to_sign(&visit.desk, caller, &secret, &visit.browser).await? else {
            return Ok(nothing_waits());
        };
        let back = page_of(&what.form).to_owned();
        let form = visit
            .form::<SignWithPasskeyInput>()
            // Of what was refused the page says so on which it can be begun again.
            .back(back.clone())
            .hidden_secret(
                SignWithPasskeyInput::token(),
                &SecretText::from(secret.as_str()),
            )
            .hidden_secret(SignWithPasskeyInput::credential(), &SecretText::from(""))
            .show(|_| view! { <NotByEnter /> });
        let at = what.at;
        let named = [what.signer, what.capacity];
        let signer = named.into_iter().filter(|part| !part.is_empty());
        let signer = signer.collect::<Vec<_>>().join(", ");
        // A change of one's own account has no document.
        let document = (!what.document_sha256.is_empty()).then(|| {
            view! {
                <Fact name="SHA-256 of the document">
                    <Hash text=what.document_sha256 />
                </Fact>
            }
        });
        Ok(Page::narrow(
            "Sign with your passkey",
            view! {
                <PageHead
                    title="Sign with your passkey"
                    lead="Nothing is signed yet. Your device or password manager makes sure that it is you, and signs this."
                />
                <Card title="What you sign" id="what">
                    <Facts>
                        <Fact name="Signer">{signer}</Fact>
                        <Fact name="Meaning">{what.meaning}</Fact>
                        <Fact name="Time"><Time at=at /></Fact>
                        {document}
                    </Facts>
                    <More summary="The text that is signed">
                        <p class="as-typed">{what.text}</p>
                        <p class="quiet-text">
                            "Its SHA-256 is what your passkey is asked to sign: " <Hash text=what.sha256 />
                        </p>
                    </More>
                </Card>
                {form}
                <UsePasskey
                    options=what.options
                    form="sign_with_passkey".to_owned()
                    makes=false
                    button="Ask again".to_owned()
                />
                <NoScripts />
                <p>
                    <a href=back>"Do not sign, or sign with your password"</a>
                </p>
            },
        ))
    })
}
