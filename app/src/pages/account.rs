//! The pages around accounts: sign-in, registration, forgotten passwords, invitations.

use super::{apps::carried, demo_choice::demo_choice, sign_in::by_passkey};
use crate::{
    components::{
        Button, Confirm, DocumentView, Line, Need, Notice, PageHead, PasswordField, PasswordFor,
        TextField, Tone,
    },
    web::{Page, Visit, own_page, page, resume},
};
use casework::{
    Caller, Error, Result,
    accounts::{
        AcceptInvitationInput, Purpose, RegisterInput, RequestResetInput, ResetPasswordInput,
        SignInInput, VerifyEmailInput, link_holder,
    },
    input::{Input, SecretField, SecretText},
    queries::{agreement, demo_people},
};
use leptos::prelude::*;
use workflow::Role;

/// Where a person begins.
pub(super) fn home_of(caller: &Caller) -> &'static str {
    let roles = &caller.roles;
    let works_on_cases = roles.iter().any(|role| {
        !matches!(
            role,
            Role::Developer | Role::Admin | Role::Compliance | Role::Support | Role::PartnerManager
        )
    });
    if works_on_cases {
        "/queue"
    } else if roles.contains(&Role::Support) {
        "/support/queue"
    } else if roles.contains(&Role::PartnerManager) {
        "/partners"
    } else if roles.contains(&Role::Compliance) {
        "/audit"
    } else if roles.contains(&Role::Admin) {
        "/admin/people"
    } else {
        "/apps"
    }
}

/// `/sign-in`.
#[component]
pub fn SignInPage() -> impl IntoView {
    page(|visit| async move {
        let people = if visit.mode.demo {
            demo_people(&visit.desk).await?
        } else {
            Vec::new()
        };
        let next = visit.query("next").map(str::to_owned);
        // Signed in by now, in another tab: on to what waits there, as after signing in here.
        if let (Ok(_), Some(next)) = (visit.caller(), next.as_deref().and_then(own_page)) {
            return Ok(Page::elsewhere(resume(&visit, next.to_owned()).await));
        }
        let demo = (!people.is_empty()).then(|| demo_choice(&visit, people, next.as_ref()));
        let form = visit
            .form::<SignInInput>()
            .hidden(SignInInput::next(), &next)
            .show(|form| {
                view! {
                    <TextField of=form.at(SignInInput::username()) line=Line::Username />
                    <PasswordField of=form.secret(&SignInInput::password()) />
                    <Button>"Sign in"</Button>
                }
            });
        let body = view! {
            <PageHead title="Sign in" />
            {demo}
            {visit.mode.demo.then(|| view! { <h2>"With a name and a password"</h2> })}
            {form}
            {by_passkey(&visit, &next)}
            <p>
                <a href="/forgot">"Forgotten your password?"</a>
                " · "
                <a href="/register">"Register as a developer"</a>
            </p>
        };
        // The demo's people need room.
        let page = if visit.mode.demo {
            Page::developer("Sign in", body)
        } else {
            Page::narrow("Sign in", body)
        };
        Ok(page
            .described("Sign in to apply for more access for your app, and to answer what we ask."))
    })
}

const WHY_REGISTER: &str =
    "Registration is free. It lets you create apps and test them with sandbox data at once.";

/// `/register`.
#[component]
pub fn RegisterPage() -> impl IntoView {
    page(|visit| async move {
        let agreement = agreement::current(&visit.desk, "developer").await?;
        let version = agreement.version;
        let form = visit
            .form::<RegisterInput>()
            .hidden(RegisterInput::agreement_version(), &Some(version))
            .show(|form| {
                view! {
                    <TextField of=form.at(RegisterInput::name()) />
                    <TextField
                        of=form.at(RegisterInput::organisation())
                        need=Need::Optional
                        hint="The company or institution you build for, if there is one."
                    />
                    <TextField
                        of=form.at(RegisterInput::email())
                        line=Line::Email
                        hint="We send a link to this address; everything about your applications goes there too."
                    />
                    <TextField
                        of=form.at(RegisterInput::username())
                        line=Line::Username
                        hint="3 to 40 letters, digits, dots, dashes or underscores."
                    />
                    <PasswordField
                        of=form.secret(&RegisterInput::password())
                        hint="At least 10 characters. A few words in a row are easy to remember and hard to guess."
                        purpose=PasswordFor::New
                    />
                    <DocumentView label=agreement.title html=agreement.html />
                    <Confirm
                        of=form.at(RegisterInput::agreement())
                        label=format!("I accept the Registered Developer Agreement, version {version}.")
                    />
                    <Button>"Register"</Button>
                }
            });
        Ok(Page::developer(
            "Register",
            view! {
                <PageHead
                    title="Register as a developer"
                    lead=WHY_REGISTER
                />
                {form}
            },
        )
        .described(WHY_REGISTER))
    })
}

/// `/register/sent`.
#[component]
pub fn RegisterSentPage() -> impl IntoView {
    page(|visit| async move {
        let address = carried().and_then(|value| decode(&value));
        // Whoever mistyped it sees it here, and nowhere else.
        let register_again = address.is_some().then(|| {
            view! {
                <p>"Not your address? " <a href="/register">"Register again"</a> " with the right one."</p>
            }
        });
        let address = match address {
            Some(address) => view! { <strong>{address}</strong> }.into_any(),
            None => "your address".into_any(),
        };
        Ok(Page::narrow(
            "Check your mail",
            sent(
                &visit,
                view! {
                    "We have sent a link to "
                    {address}
                    ". Open it within three days to finish your registration."
                },
                register_again,
            ),
        ))
    })
}

/// An address as its cookie carries it.
fn decode(value: &str) -> Option<String> {
    let value = format!("to={value}");
    let mut parts = url::form_urlencoded::parse(value.as_bytes());
    let (_, address) = parts.next()?;
    (!address.is_empty()).then(|| address.into_owned())
}

/// `/forgot/sent`.
#[component]
pub fn ForgotSentPage() -> impl IntoView {
    page(|visit| async move {
        Ok(Page::narrow(
            "Check your mail",
            sent(
                &visit,
                "If this address has an account, we have sent a link to it. It works for one hour.",
                (),
            ),
        ))
    })
}

fn sent<T: IntoView, A: IntoView>(visit: &Visit, text: T, after: A) -> impl IntoView + use<T, A> {
    let demo = visit.mode.demo.then(|| {
        view! {
            <Notice tone=Tone::Info>
                <p>
                    "This is a demo: "
                    <a href="/demo/mail">"see the mail as it would arrive"</a>
                    "."
                </p>
            </Notice>
        }
    });
    view! {
        <PageHead title="Check your mail" />
        <p>{text}</p>
        {after}
        {demo}
    }
}

/// `/verify?token=…`: one button, because mail scanners open links.
#[component]
pub fn VerifyPage() -> impl IntoView {
    page(|visit| async move {
        // The letters that have been sent lead here with their secret; without one, receipts do.
        if visit.query("token").is_none() {
            return super::verify::receipt_page(&visit).await;
        }
        let token = token_for(&visit, Purpose::VerifyEmail).await?;
        let form = visit
            .form::<VerifyEmailInput>()
            .hidden_secret(VerifyEmailInput::token(), &token)
            .show(|_| {
                view! {
                    <p>"One more step: confirm that this address is yours."</p>
                    <Button>"Verify email"</Button>
                }
            });
        Ok(Page::narrow(
            "Verify your email",
            view! {
                <PageHead title="Verify your email" />
                {form}
            },
        ))
    })
}

/// The secret of the link that led here, if it still works.
async fn token_for(visit: &Visit, purpose: Purpose) -> Result<SecretText> {
    let token = visit.query("token").ok_or(Error::LinkExpired)?;
    link_holder(visit.desk.database.read(), token, purpose, visit.now()).await?;
    Ok(token.into())
}

/// `/forgot`.
#[component]
pub fn ForgotPage() -> impl IntoView {
    page(|visit| async move {
        let form = visit.form::<RequestResetInput>().show(|form| {
            view! {
                <TextField of=form.at(RequestResetInput::email()) line=Line::Email />
                <Button>"Send link"</Button>
            }
        });
        Ok(Page::narrow(
            "Forgotten password",
            view! {
                <PageHead
                    title="Forgotten password"
                    lead="We send you a link with which you choose a new one."
                />
                {form}
            },
        ))
    })
}

/// `/reset?token=…`.
#[component]
pub fn ResetPage() -> impl IntoView {
    page(|visit| async move {
        let token = token_for(&visit, Purpose::ResetPassword).await?;
        let fields = (ResetPasswordInput::token(), ResetPasswordInput::password());
        let form = choose_password(&visit, "Choose a new password", fields, &token);
        Ok(Page::narrow("New password", form))
    })
}

/// `/invitation?token=…`.
#[component]
pub fn InvitationPage() -> impl IntoView {
    page(|visit| async move {
        let token = token_for(&visit, Purpose::Invitation).await?;
        let fields = (
            AcceptInvitationInput::token(),
            AcceptInvitationInput::password(),
        );
        let form = choose_password(&visit, "Welcome: choose your password", fields, &token);
        Ok(Page::narrow("Welcome", form))
    })
}

/// The form of a step that takes a link's secret and a password.
fn choose_password<I: Input>(
    visit: &Visit,
    title: &'static str,
    (link, password): (SecretField<I>, SecretField<I>),
    token: &SecretText,
) -> impl IntoView + use<I> {
    let form = visit.form::<I>().hidden_secret(link, token).show(|form| {
        view! {
            <PasswordField
                of=form.secret(&password)
                hint="At least 10 characters."
                purpose=PasswordFor::New
            />
            <Button>"Set password"</Button>
        }
    });
    view! {
        <PageHead title=title />
        {form}
    }
}
