//! The ways in beside the password: a passkey, and what is asked for after the password.

use crate::{
    components::{Button, Card, CodeField, NotByEnter, PageHead, Weight},
    islands::UsePasskey,
    pages::apps::new_secret,
    steps::account::{AFTER_PASSWORD, CODE_PAGE, with_next},
    web::{Page, Visit, page},
};
use casework::{
    Error,
    accounts::{
        BeginPasskeyCodeInput, BeginPasskeySignInInput, SignInCodeInput, SignInPasskeyInput,
        passkey_to_use, waits_for_code, why_no_passkeys,
    },
    input::SecretText,
};
use leptos::prelude::*;

/// The button on the page of the sign-in, where this desk has passkeys.
pub(super) fn by_passkey(visit: &Visit, next: &Option<String>) -> Option<AnyView> {
    why_no_passkeys(&visit.desk).is_none().then(|| {
        visit
            .form::<BeginPasskeySignInInput>()
            .hidden(BeginPasskeySignInInput::next(), next)
            .show(|_| view! { <Button weight=Weight::Quiet>"Sign in with a passkey"</Button> })
    })
}

/// `/sign-in/code`: what is asked for after the password.
#[component]
pub fn SignInCodePage() -> impl IntoView {
    page(|visit| async move {
        let attempt = new_secret().ok_or(Error::LinkExpired)?;
        let awaited = waits_for_code(&visit.desk, &attempt).await?;
        let next = visit.query("next").map(str::to_owned);
        let attempt = SecretText::from(attempt.as_str());
        let passkey = awaited.passkey.then(|| {
            let form = visit
                .form::<BeginPasskeyCodeInput>()
                .hidden(BeginPasskeyCodeInput::next(), &next)
                .hidden_secret(BeginPasskeyCodeInput::token(), &attempt)
                .show(|_| view! { <Button>"Use a passkey"</Button> });
            view! { <Card title="Your passkey" id="passkey">{form}</Card> }
        });
        let (hint, weight) = match (awaited.app, awaited.passkey) {
            (true, passkey) => (
                "The six digits that your authenticator app shows now, or a recovery code.",
                if passkey {
                    Weight::Quiet
                } else {
                    Weight::Primary
                },
            ),
            (false, true) => ("A recovery code.", Weight::Quiet),
            (false, false) => ("A recovery code.", Weight::Primary),
        };
        let form = visit
            .form::<SignInCodeInput>()
            .hidden(SignInCodeInput::next(), &next)
            .hidden_secret(SignInCodeInput::token(), &attempt)
            .show(|form| {
                view! {
                    <CodeField of=form.secret(&SignInCodeInput::code()) hint=hint />
                    <Button weight=weight>"Sign in"</Button>
                }
            });
        let form = if awaited.passkey {
            view! { <Card title="Or a code" id="code">{form}</Card> }.into_any()
        } else {
            form
        };
        Ok(Page::narrow(
            "Second factor",
            view! {
                <PageHead title="Second factor" lead="Your password is right. One more step." />
                {passkey}
                {form}
                <p>
                    "All of it lost, recovery codes too? An admin of this desk can reset your second factor. "
                    <a href="/sign-in">"Begin again"</a>
                </p>
            },
        ))
    })
}

/// `/sign-in/passkey`: asks the browser for a passkey.
#[component]
pub fn PasskeySignInPage() -> impl IntoView {
    page(|visit| async move {
        let after_password = visit.query(AFTER_PASSWORD).is_some();
        let next = visit.query("next").map(str::to_owned);
        // Of what was refused the page says so on which it can be begun again.
        let back = with_next(
            if after_password {
                CODE_PAGE
            } else {
                "/sign-in"
            },
            next.as_deref(),
        );
        let Some(secret) = new_secret() else {
            return Ok(Page::elsewhere(back));
        };
        let Some(options) = passkey_to_use(&visit.desk, &secret, &visit.browser).await? else {
            return Ok(Page::elsewhere(back));
        };
        let form = visit
            .form::<SignInPasskeyInput>()
            .back(back.clone())
            .hidden(SignInPasskeyInput::next(), &next)
            .hidden_secret(
                SignInPasskeyInput::token(),
                &SecretText::from(secret.as_str()),
            )
            .hidden_secret(SignInPasskeyInput::credential(), &SecretText::from(""))
            .show(|_| view! { <NotByEnter /> });
        let other = if after_password {
            "Use a code instead"
        } else {
            "Sign in with a password instead"
        };
        Ok(Page::narrow(
            "Passkey",
            view! {
                <PageHead
                    title="Passkey"
                    lead="Your device or password manager makes sure that it is you."
                />
                {form}
                <UsePasskey
                    options=options
                    form="sign_in_passkey".to_owned()
                    makes=false
                    button="Ask again".to_owned()
                />
                <NoScripts />
                <p>
                    <a href=back>{other}</a>
                </p>
            },
        ))
    })
}

/// What somebody without scripts reads in place of a passkey.
#[component]
pub(super) fn NoScripts() -> impl IntoView {
    view! {
        <noscript>
            <p>
                "Your browser runs no scripts on this page, and a passkey can be asked for by a script alone. Everything else on this desk works without them."
            </p>
        </noscript>
    }
}
