//! The pages around accounts: sign-in, registration, forgotten passwords, invitations.

use crate::{
    components::{
        Button, Confirm, DocumentView, Form, Hidden, Line, Need, Notice, PageHead, PasswordField,
        PasswordFor, TextField, Tone, Typed, Weight,
    },
    web::{Page, Visit, page, see_other},
};
use casework::{
    Caller, Error, Result,
    accounts::{Purpose, link_holder},
    queries::{DemoPerson, agreement, demo_people},
};
use leptos::prelude::*;
use workflow::Role;

/// `/`: where each person's work is.
#[component]
pub fn HomePage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?;
        see_other(home_of(caller));
        Ok(Page::new("Upgrade Desk", ()))
    })
}

/// Where a person begins.
fn home_of(caller: &Caller) -> &'static str {
    let roles = &caller.roles;
    let works_on_cases = roles
        .iter()
        .any(|role| !matches!(role, Role::Developer | Role::Admin | Role::Compliance));
    if works_on_cases {
        "/queue"
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
        let next = visit.query("next").unwrap_or("/").to_owned();
        let typed = visit.typed("sign_in");
        let demo = (!people.is_empty()).then(|| demo_choice(people, &next));
        Ok(Page::narrow(
            "Sign in",
            view! {
                <PageHead title="Sign in" />
                <Form action="/do/sign_in" id="sign_in" typed=typed back=visit.here()>
                    <Hidden name="next" value=next />
                    <TextField name="username" label="Username or email" line=Line::Username />
                    <PasswordField name="password" label="Password" />
                    <Button>"Sign in"</Button>
                </Form>
                <p>
                    <a href="/forgot">"Forgotten your password?"</a>
                    " · "
                    <a href="/register">"Register as a developer"</a>
                </p>
                {demo}
            },
        ))
    })
}

/// One click per demo person.
fn demo_choice(people: Vec<DemoPerson>, next: &str) -> impl IntoView + use<> {
    let next = next.to_owned();
    let items = people
        .into_iter()
        .map(|person| {
            let roles: Vec<&str> = person.roles.iter().map(|role| role.label()).collect();
            let about = if person.organisation.is_empty() {
                roles.join(", ")
            } else {
                format!("{}, {}", roles.join(", "), person.organisation)
            };
            let next = next.clone();
            view! {
                <li>
                    <Form action="/do/demo_sign_in" class="inline">
                        <Hidden name="username" value=person.username />
                        <Hidden name="next" value=next />
                        <Button weight=Weight::Quiet>{person.name}</Button>
                        <span class="quiet-text">{about}</span>
                    </Form>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="demo-people">
            <h2 id="demo-people">"This is a demo"</h2>
            <p>"Be one of its people with one click:"</p>
            <ul class="plain demo-people">{items}</ul>
        </section>
    }
}

/// `/register`.
#[component]
pub fn RegisterPage() -> impl IntoView {
    page(|visit| async move {
        let agreement = agreement::current(&visit.desk, "developer").await?;
        let version = agreement.version.to_string();
        let typed = visit.typed("register");
        Ok(Page::developer(
            "Register",
            view! {
                <PageHead
                    title="Register as a developer"
                    lead="Registration is free. It lets you create apps and test them with sandbox data at once."
                />
                <Form action="/do/register" id="register" typed=typed>
                    <TextField name="name" label="Your name" />
                    <TextField
                        name="organisation"
                        label="Organisation"
                        need=Need::Optional
                        hint="The company or institution you build for, if there is one."
                    />
                    <TextField
                        name="email"
                        label="Email"
                        line=Line::Email
                        hint="We send a link to this address; everything about your applications goes there too."
                    />
                    <TextField
                        name="username"
                        label="Username"
                        line=Line::Username
                        hint="3 to 40 letters, digits, dots, dashes or underscores."
                    />
                    <PasswordField
                        name="password"
                        label="Password"
                        hint="At least 10 characters. A few words in a row are easy to remember and hard to guess."
                        purpose=PasswordFor::New
                    />
                    <DocumentView label=agreement.title html=agreement.html />
                    <AgreementBox version=version />
                    <Button>"Register"</Button>
                </Form>
            },
        ))
    })
}

/// The box under the Registered Developer Agreement: ticked, it sends the version that was shown.
#[component]
fn AgreementBox(version: String) -> impl IntoView {
    view! {
        <Confirm
            name="agreement"
            label=format!("I accept the Registered Developer Agreement, version {version}.")
        />
        <Hidden name="agreement_version" value=version />
    }
}

/// `/register/sent`.
#[component]
pub fn RegisterSentPage() -> impl IntoView {
    page(|visit| async move {
        Ok(Page::narrow(
            "Check your mail",
            sent(
                &visit,
                "We have sent a link to your address. Open it within three days to finish your registration.",
            ),
        ))
    })
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
            ),
        ))
    })
}

fn sent(visit: &Visit, text: &'static str) -> impl IntoView + use<> {
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
        {demo}
    }
}

/// `/verify?token=…`: one button, because mail scanners open links.
#[component]
pub fn VerifyPage() -> impl IntoView {
    page(|visit| async move {
        let token = token_for(&visit, Purpose::VerifyEmail).await?;
        Ok(Page::narrow(
            "Verify your email",
            view! {
                <PageHead title="Verify your email" />
                <Form action="/do/verify_email" id="verify_email" back=visit.here()>
                    <Hidden name="token" value=token />
                    <p>"One more step: confirm that this address is yours."</p>
                    <Button>"Verify email"</Button>
                </Form>
            },
        ))
    })
}

/// The secret of the link that led here, if it still works.
async fn token_for(visit: &Visit, purpose: Purpose) -> Result<String> {
    let token = visit.query("token").ok_or(Error::LinkExpired)?.to_owned();
    link_holder(visit.desk.database.read(), &token, purpose, visit.now()).await?;
    Ok(token)
}

/// `/forgot`.
#[component]
pub fn ForgotPage() -> impl IntoView {
    page(|visit| async move {
        Ok(Page::narrow(
            "Forgotten password",
            view! {
                <PageHead
                    title="Forgotten password"
                    lead="We send you a link with which you choose a new one."
                />
                <Form
                    action="/do/request_reset"
                    id="request_reset"
                    typed=visit.typed("request_reset")
                >
                    <TextField name="email" label="Email" line=Line::Email />
                    <Button>"Send link"</Button>
                </Form>
            },
        ))
    })
}

/// `/reset?token=…`.
#[component]
pub fn ResetPage() -> impl IntoView {
    page(|visit| async move {
        let token = token_for(&visit, Purpose::ResetPassword).await?;
        Ok(Page::narrow(
            "New password",
            choose_password(
                "Choose a new password",
                "/do/reset_password",
                "reset_password",
                token,
                visit.typed("reset_password"),
                visit.here(),
            ),
        ))
    })
}

/// `/invitation?token=…`.
#[component]
pub fn InvitationPage() -> impl IntoView {
    page(|visit| async move {
        let token = token_for(&visit, Purpose::Invitation).await?;
        Ok(Page::narrow(
            "Welcome",
            choose_password(
                "Welcome: choose your password",
                "/do/accept_invitation",
                "accept_invitation",
                token,
                visit.typed("accept_invitation"),
                visit.here(),
            ),
        ))
    })
}

fn choose_password(
    title: &'static str,
    action: &'static str,
    id: &'static str,
    token: String,
    typed: Typed,
    back: String,
) -> impl IntoView {
    view! {
        <PageHead title=title />
        <Form action=action id=id typed=typed back=back>
            <Hidden name="token" value=token />
            <PasswordField
                name="password"
                label="New password"
                hint="At least 10 characters."
                purpose=PasswordFor::New
            />
            <Button>"Set password"</Button>
        </Form>
    }
}
