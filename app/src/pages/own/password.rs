//! `/account/password`: another password.

use super::crumbs;
use crate::{
    components::{Button, PageHead, PasswordField, PasswordFor},
    web::{Page, page},
};
use casework::commands::ChangePasswordInput;
use leptos::prelude::*;

/// The present password, and the next one.
#[component]
pub fn OwnPasswordPage() -> impl IntoView {
    page(|visit| async move {
        visit.caller()?;
        let form = visit.form::<ChangePasswordInput>().show(|form| {
            view! {
                <PasswordField of=form.secret(&ChangePasswordInput::password()) />
                <PasswordField
                    of=form.secret(&ChangePasswordInput::new_password())
                    hint="At least 10 characters. A few words in a row are easy to remember and hard to guess."
                    purpose=PasswordFor::New
                />
                <Button>"Change password"</Button>
            }
        });
        Ok(Page::developer(
            "Change password",
            view! {
                <PageHead
                    title="Change password"
                    lead="Ends your other sessions and every link that was sent to you. A letter tells you of it."
                    crumbs=crumbs()
                />
                {form}
                <p>
                    "Forgotten the present one? "
                    <a href="/forgot">"Have a link sent to your address"</a> "."
                </p>
            },
        ))
    })
}
