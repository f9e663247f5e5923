//! `/account/profile`: name, organisation and username.

use super::crumbs;
use crate::{
    components::{Button, Card, Line, Need, PageHead, PasswordField, TextField},
    web::{Page, page},
};
use casework::{
    commands::{ChangeProfileInput, ChangeUsernameInput},
    queries::own_account,
};
use leptos::prelude::*;

/// What one is called.
#[component]
pub fn OwnProfilePage() -> impl IntoView {
    page(|visit| async move {
        let account = own_account(&visit.desk, visit.caller()?, None).await?;
        let profile = visit.form::<ChangeProfileInput>().show(|form| {
            view! {
                <TextField
                    of=form.at(ChangeProfileInput::name())
                    value=account.name
                    autocomplete="name"
                />
                <TextField
                    of=form.at(ChangeProfileInput::organisation())
                    value=account.organisation
                    need=Need::Optional
                    autocomplete="organization"
                />
                <Button>"Save"</Button>
            }
        });
        let username = visit.form::<ChangeUsernameInput>().show(|form| {
            view! {
                <TextField
                    of=form.at(ChangeUsernameInput::username())
                    line=Line::Username
                    value=account.username
                    hint="3 to 40 letters, digits, dots, dashes or underscores. Nobody else ever gets the one you leave, and you cannot sign in with it any more."
                />
                <PasswordField of=form.secret(&ChangeUsernameInput::password()) />
                <Button>"Change username"</Button>
            }
        });
        Ok(Page::developer(
            "Name and username",
            view! {
                <PageHead
                    title="Name and username"
                    lead="What you signed before keeps the name of then."
                    crumbs=crumbs()
                />
                <Card title="Name" id="name">
                    {profile}
                </Card>
                <Card title="Username" id="username">
                    {username}
                </Card>
            },
        ))
    })
}
