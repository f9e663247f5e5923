//! `/account/email` and `/account/email/confirm`: another email address.

use super::crumbs;
use crate::{
    components::{
        Button, ButtonLink, Buttons, Card, Fact, Facts, Line, OR_RECOVERY, PageHead, PasskeyButton,
        SignButtons, SignedWith, TextField, Time, Weight,
    },
    web::{Page, Visit, page},
};
use casework::{
    Error,
    accounts::{Means, means},
    commands::{CancelEmailChangeInput, ChangeEmailInput, ConfirmEmailInput, email_change_of_link},
    input::{Input, SecretText},
    queries::{EmailChange, own_account},
};
use leptos::prelude::*;

/// The address of now, the change that is under way, and the form for another one.
#[component]
pub fn OwnEmailPage() -> impl IntoView {
    page(|visit| async move {
        let account = own_account(&visit.desk, visit.caller()?, None).await?;
        let help = if account.may_ask {
            view! { <a href="/support/new">"write to us"</a> }.into_any()
        } else {
            "ask an administrator".into_any()
        };
        let under_way = account.email_change.map(|change| under_way(&visit, change));
        let means = Means {
            code: account.second_factor.is_some(),
            ..means(&visit.desk, visit.caller()?).await?
        };
        let form = visit.form::<ChangeEmailInput>().show(|form| {
            view! {
                <TextField
                    of=form.at(ChangeEmailInput::email())
                    line=Line::Email
                    hint="Both addresses get a mail with a link. The change is made once both have confirmed it, within a day."
                    autocomplete="email"
                />
                <SignedWith
                    password=form.secret(&ChangeEmailInput::password())
                    code=form.secret(&ChangeEmailInput::code())
                    means=means
                    code_hint=OR_RECOVERY
                />
                <SignButtons means=means>
                    <Button>"Send both links"</Button>
                    <PasskeyButton step=ChangeEmailInput::STEP means=means />
                </SignButtons>
            }
        });
        let lead = format!("Our letters go to {}.", account.email);
        Ok(Page::developer(
            "Email address",
            view! {
                <PageHead title="Email address" lead=lead crumbs=crumbs() />
                {under_way}
                <Card title="Change the address" id="change">
                    {form}
                    <p>"If you cannot read mail at the present address any more, " {help} "."</p>
                </Card>
            },
        ))
    })
}

fn under_way(visit: &Visit, change: EmailChange) -> impl IntoView + use<> {
    let cancel = visit.form::<CancelEmailChangeInput>().show(|_| {
        view! {
            <Buttons>
                <Button weight=Weight::Quiet>"Keep the present address"</Button>
            </Buttons>
        }
    });
    let said = |confirmed: bool| {
        if confirmed {
            "Confirmed"
        } else {
            "Not confirmed yet"
        }
    };
    let ends = change.ends;
    view! {
        <Card title="A change is under way" id="under-way">
            <Facts>
                <Fact name="New address">{change.email}</Fact>
                <Fact name="By the present one">{said(change.old_confirmed)}</Fact>
                <Fact name="By the new one">{said(change.new_confirmed)}</Fact>
                <Fact name="Ends"><Time at=ends /></Fact>
            </Facts>
            {cancel}
        </Card>
    }
}

/// `/account/email/confirm?token=…`: one button, because mail scanners open links.
#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    page(|visit| async move {
        let token = visit.query("token").ok_or(Error::LinkExpired)?;
        let email = email_change_of_link(&visit.desk, token).await?;
        let token = SecretText::from(token);
        let form = visit
            .form::<ConfirmEmailInput>()
            .hidden_secret(ConfirmEmailInput::token(), &token)
            .show(|_| {
                view! {
                    <p>
                        "From now on letters of the account are to go to " <strong>{email}</strong>
                        "."
                    </p>
                    <Button>"Confirm"</Button>
                }
            });
        Ok(Page::narrow(
            "Confirm the address",
            view! {
                <PageHead title="Confirm the address" />
                {form}
            },
        ))
    })
}

/// `/account/email/changed`: both addresses have confirmed.
#[component]
pub fn EmailChangedPage() -> impl IntoView {
    page(|_| async move {
        Ok(Page::narrow(
            "The address is changed",
            view! {
                <PageHead title="The address is changed" />
                <p>
                    "Both addresses have confirmed it: letters of the account go to the new one from now on."
                </p>
                <ButtonLink href="/account">"Look at the account"</ButtonLink>
            },
        ))
    })
}

/// `/account/email/confirmed`: this address has, the other one has not.
#[component]
pub fn HalfConfirmedPage() -> impl IntoView {
    page(|_| async move {
        Ok(Page::narrow(
            "Confirmed",
            view! {
                <PageHead title="Confirmed" />
                <p>
                    "This address has confirmed the change; the other one has not yet. It has a mail of its own: once it has confirmed too, the change is made."
                </p>
                <ButtonLink href="/account">"Look at the account"</ButtonLink>
            },
        ))
    })
}
