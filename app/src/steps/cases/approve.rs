//! Approve: signed with the password, on a page of its own.

use super::{About, page_of, signature};
use crate::{
    components::{Need, TextArea, Weight},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    accounts::Secrets,
    commands::{self, ApproveInput, Envelope},
};
use leptos::prelude::*;

/// Grants the access.
pub(super) async fn approve(visit: Visit, at: Envelope, input: ApproveInput) -> Result<Next> {
    let given = Secrets {
        password: input.password.reveal(),
        code: input.code.reveal(),
    };
    commands::approve(&visit.desk, visit.caller()?, &at, &input.note, given).await?;
    Ok(page_of(at.case, Done::Approved))
}

/// The signature under what `meaning` says.
#[component]
pub fn ApproveForm(about: About, #[prop(into)] meaning: String) -> impl IntoView {
    let (secrets, means) = (
        (ApproveInput::password(), ApproveInput::code()),
        about.means,
    );
    about.form::<ApproveInput>().show(|form| {
        view! {
            <TextArea
                of=form.at(ApproveInput::note())
                hint="Staff and auditors read this; the developer does not."
                need=Need::Optional
                rows=3
            />
            {signature(form, secrets, meaning, means, (Weight::Primary, "Approve"))}
        }
    })
}
