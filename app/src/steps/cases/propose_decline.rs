//! Propose decline.

use super::{About, decline_reasons, on_case};
use crate::{
    components::{Button, Form, Select, TextArea},
    refused::Refused,
};
use casework::commands;
use leptos::{prelude::*, server};
use workflow::event::DeclineReason;

/// Lays before the approver that the application be refused.
#[server(prefix = "/do", endpoint = "propose_decline")]
pub async fn propose_decline() -> Result<(), Refused> {
    on_case(
        "propose_decline",
        "decline-proposed",
        async |visit, caller, envelope| {
            let proposal = commands::ProposeDecline {
                reason: DeclineReason::from_word(visit.entry("reason")),
                text: visit.entry("text").to_owned(),
            };
            commands::propose_decline(&visit.desk, &caller, &envelope, proposal).await
        },
    )
    .await
}

/// The form.
#[component]
pub fn ProposeDeclineForm(about: About) -> impl IntoView {
    let id = "propose_decline";
    view! {
        <Form action="/do/propose_decline" id=id typed=about.typed(id) seen=about.seen back=about.back.clone()>
            {about.field()}
            <Select name="reason" label="Reason" options=decline_reasons() prompt="Choose a reason" />
            <TextArea
                name="text"
                label="What stands against the application"
                hint="The approver reads this; the developer does not."
            />
            <Button>"Propose decline"</Button>
        </Form>
    }
}
