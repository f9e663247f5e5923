//! `/account/close`: what stays, what stands in the way, and the password.

use super::crumbs;
use crate::{
    components::{
        Button, ButtonLink, Card, Notice, OR_RECOVERY, PageHead, PasskeyButton, SignButtons,
        SignedWith, Tone, Weight,
    },
    web::{Page, page},
};
use casework::{
    accounts::{Means, means},
    commands::{CloseAccountInput, InTheWay, in_the_way},
    input::Input,
    queries::own_account,
};
use leptos::prelude::*;

/// Closes the account, where nothing stands in the way.
#[component]
pub fn CloseAccountPage() -> impl IntoView {
    page(|visit| async move {
        let found = in_the_way(&visit.desk, visit.caller()?).await?;
        let own = own_account(&visit.desk, visit.caller()?, None).await?;
        let means = Means {
            code: own.second_factor.is_some(),
            ..means(&visit.desk, visit.caller()?).await?
        };
        let form = if found.is_nothing() {
            visit.form::<CloseAccountInput>().show(|form| {
                view! {
                    <SignedWith
                        password=form.secret(&CloseAccountInput::password())
                        code=form.secret(&CloseAccountInput::code())
                        means=means
                        code_hint=OR_RECOVERY
                    />
                    <SignButtons means=means>
                        <Button weight=Weight::Danger>"Close account"</Button>
                        <PasskeyButton step=CloseAccountInput::STEP means=means />
                        <ButtonLink href="/account" weight=Weight::Quiet>"Keep it"</ButtonLink>
                    </SignButtons>
                }
            })
        } else {
            first(found)
        };
        Ok(Page::developer(
            "Close account",
            view! {
                <PageHead
                    title="Close account"
                    lead="For good: nobody opens a closed account again, and nobody else ever gets its username or address."
                    crumbs=crumbs()
                />
                <Card title="What ends" id="ends">
                    <ul>
                        <li>"Your sessions, and every link that was sent to you."</li>
                        <li>"Your memberships of apps. The other members are told."</li>
                        <li>"Your password, your second factor and your passkeys: we forget them."</li>
                    </ul>
                </Card>
                <Card title="What stays, and why" id="stays">
                    <ul>
                        <li>
                            "What was handed in, reviewed, decided and signed, with your name on it: records that the desk has to keep, as section 7 of the Registered Developer Agreement says."
                        </li>
                        <li>
                            "Your name, username and address, so that the same identity is never somebody else's."
                        </li>
                        <li>"Apps that others own go on as they are."</li>
                    </ul>
                    <p>
                        "Before you close it you can " <a href="/account#data">"take your data away"</a> "."
                    </p>
                </Card>
                {form}
            },
        ))
    })
}

/// What is to be done first.
fn first(found: InTheWay) -> AnyView {
    let apps = found
        .apps
        .into_iter()
        .map(|(app, name)| {
            let href = format!("/apps/{app}/members");
            let archive = format!("/apps/{app}#archive");
            view! {
                <li>
                    "You are the only owner of " <a href=href>{name}</a>
                    " with authority to sign: give both to another member first, or "
                    <a href=archive>"archive the app"</a> "."
                </li>
            }
        })
        .collect_view();
    let cases = found
        .cases
        .into_iter()
        .map(|case| {
            let (href, number) = (format!("/cases/{case}"), case.to_string());
            view! {
                <li>
                    "You hold work on " <a href=href>{number}</a> ": release it first."
                </li>
            }
        })
        .collect_view();
    let requests = found
        .requests
        .into_iter()
        .map(|request| {
            let (href, number) = (format!("/support/SR-{request}"), format!("SR-{request}"));
            view! {
                <li>
                    "You answer for " <a href=href>{number}</a> ": give it back first."
                </li>
            }
        })
        .collect_view();
    let admin = found.last_admin.then(|| {
        view! { <li>"You are the only admin of this desk: invite another one first."</li> }
    });
    view! {
        <Notice tone=Tone::Attention>
            <p>"Not yet:"</p>
            <ul>{apps} {cases} {requests} {admin}</ul>
        </Notice>
    }
    .into_any()
}
