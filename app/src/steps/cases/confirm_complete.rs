//! Confirm complete.

use super::{About, on_case};
use crate::{
    components::{Button, Form, Weight},
    refused::Refused,
};
use casework::commands;
use leptos::{prelude::*, server};

/// Lets the case go on to the review.
#[server(prefix = "/do", endpoint = "confirm_complete")]
pub async fn confirm_complete() -> Result<(), Refused> {
    on_case(
        "confirm_complete",
        "confirmed-complete",
        async |visit, caller, envelope| {
            commands::confirm_complete(&visit.desk, &caller, &envelope).await
        },
    )
    .await
}

/// The button.
#[component]
pub fn ConfirmCompleteForm(about: About, #[prop(optional)] weight: Weight) -> impl IntoView {
    view! {
        <Form action="/do/confirm_complete" id="confirm_complete" seen=about.seen back=about.back.clone()>
            {about.field()}
            <Button weight=weight>"Confirm complete"</Button>
        </Form>
    }
}
