//! `/account/second-factor` and its recovery codes.

use super::crumbs;
use crate::{
    components::{
        Button, ButtonLink, Card, Code, CodeField, Day, Fact, Facts, Notice, PageHead,
        PasswordField, Tone, Weight,
    },
    pages::apps::new_secret,
    steps::own::PASSKEYS_PAGE,
    web::{Page, Visit, page},
};
use casework::{
    accounts::{Picture, ToPair},
    commands::{
        BeginSecondFactorInput, ConfirmSecondFactorInput, EndSecondFactorInput,
        RenewRecoveryCodesInput,
    },
    queries::{SecondFactor, own_recovery_codes, own_second_factor, recovery_codes_left},
    words::count,
};
use leptos::prelude::*;

/// Sets up a second factor, or turns it off.
#[component]
pub fn SecondFactorPage() -> impl IntoView {
    page(|visit| async move {
        let stands = own_second_factor(&visit.desk, visit.caller()?).await?;
        let left = recovery_codes_left(&visit.desk, visit.caller()?).await?;
        let must = visit
            .session
            .as_ref()
            .is_some_and(|session| session.must_set_up);
        let notice = must.then(|| {
            view! {
                <Notice tone=Tone::Attention>
                    <p>
                        "This desk asks a second factor of everybody who works here. Set up an authenticator app, or "
                        <a href=PASSKEYS_PAGE>"add a passkey"</a>
                        "; then everything else is open to you."
                    </p>
                </Notice>
            }
        });
        let body = match stands {
            SecondFactor::Off => begin(&visit),
            SecondFactor::Waits(pair) => confirm(&visit, pair),
            SecondFactor::On { since, left: _ } => {
                let end = end(&visit);
                view! {
                    <Card title="Authenticator app" id="on">
                        <Facts>
                            <Fact name="On since"><Day at=since /></Fact>
                        </Facts>
                        <p>"Another phone? Turn it off and set it up again."</p>
                    </Card>
                    {end}
                }
                .into_any()
            }
        };
        let codes = left.map(|left| codes(&visit, left));
        Ok(Page::developer(
            "Second factor",
            view! {
                <PageHead
                    title="Second factor"
                    lead="After your password, a code of an app on your phone or a passkey: a stolen password alone lets nobody in."
                    crumbs=crumbs()
                />
                {notice}
                {body}
                {codes}
                <p>
                    "Passkeys have "
                    <a href=PASSKEYS_PAGE>"a page of their own"</a> "."
                </p>
            },
        ))
    })
}

fn begin(visit: &Visit) -> AnyView {
    let form = visit.form::<BeginSecondFactorInput>().show(|form| {
        view! {
            <PasswordField of=form.secret(&BeginSecondFactorInput::password()) />
            <Button>"Set up"</Button>
        }
    });
    view! {
        <Card title="Set up an authenticator app" id="begin">
            <p>"You need an authenticator app. Any that makes codes of six digits will do."</p>
            {form}
        </Card>
    }
    .into_any()
}

/// How many recovery codes are left, and the way to new ones.
fn codes(visit: &Visit, left: usize) -> impl IntoView + use<> {
    let form = visit.form::<RenewRecoveryCodesInput>().show(|form| {
        view! {
            <PasswordField of=form.secret(&RenewRecoveryCodesInput::password()) />
            <Button weight=Weight::Quiet>"Make new codes"</Button>
        }
    });
    view! {
        <Card title="Recovery codes" id="codes">
            <p>
                {count(left, "recovery code")}
                " left. Each lets you in once when app and passkeys are lost. New ones take the place of those before."
            </p>
            {form}
        </Card>
    }
}

fn confirm(visit: &Visit, pair: ToPair) -> AnyView {
    let form = visit.form::<ConfirmSecondFactorInput>().show(|form| {
        view! {
            <CodeField
                of=form.secret(&ConfirmSecondFactorInput::code())
                hint="The six digits that the app shows now."
            />
            <Button>"Turn on"</Button>
        }
    });
    view! {
        <Card title="Put this into your app" id="pair">
            <QrPicture picture=pair.picture />
            <p>"Photograph it with the app, or type this key there:"</p>
            <p>
                <Code text=pair.key />
            </p>
        </Card>
        <Card title="Type its first code" id="confirm">
            {form}
        </Card>
    }
    .into_any()
}

#[component]
fn QrPicture(picture: Picture) -> impl IntoView {
    let size = picture.size;
    view! {
        <svg
            class="qr"
            role="img"
            aria-label="The key as a picture; it stands below as text."
            viewBox=format!("0 0 {size} {size}")
            shape-rendering="crispEdges"
        >
            <path fill="currentColor" d=picture.path></path>
        </svg>
    }
}

fn end(visit: &Visit) -> AnyView {
    let form = visit.form::<EndSecondFactorInput>().show(|form| {
        view! {
            <PasswordField of=form.secret(&EndSecondFactorInput::password()) />
            <CodeField
                of=form.secret(&EndSecondFactorInput::code())
                hint="Of the app, or a recovery code."
            />
            <Button weight=Weight::Danger>"Turn off"</Button>
        }
    });
    view! {
        <Card title="Turn the app off" id="off">
            {form}
        </Card>
    }
    .into_any()
}

/// `/account/second-factor/codes`: new recovery codes, as long as the cookie lives that hands them over
/// (as that of a client secret), so that a page that is loaded again shows them again.
#[component]
pub fn RecoveryCodesPage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?;
        let codes = match new_secret() {
            Some(secret) => own_recovery_codes(&visit.desk, caller, &secret).await?,
            None => None,
        };
        let Some(codes) = codes else {
            return Ok(Page::elsewhere("/account/second-factor"));
        };
        let codes = codes
            .into_iter()
            .map(|code| {
                view! {
                    <li>
                        <Code text=code />
                    </li>
                }
            })
            .collect_view();
        Ok(Page::developer(
            "Recovery codes",
            view! {
                <PageHead title="Recovery codes" crumbs=crumbs() />
                <Notice tone=Tone::Attention>
                    <p>
                        "Copy these codes now and keep them apart from your devices. They are shown for five minutes in this browser. Each lets you in once when your app and your passkeys are lost."
                    </p>
                </Notice>
                <Card>
                    <ul class="plain codes">{codes}</ul>
                </Card>
                <ButtonLink href="/account">"I have copied them"</ButtonLink>
            },
        ))
    })
}
