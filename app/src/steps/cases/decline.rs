//! Decline.

use super::{About, SignatureFields, decline_reasons, on_case};
use crate::{
    components::{Button, Form, Select, TextArea, Weight},
    refused::Refused,
};
use casework::commands;
use leptos::{prelude::*, server};
use workflow::{case::DeclineProposal, event::DeclineReason};

/// Refuses the application.
#[server(prefix = "/do", endpoint = "decline")]
pub async fn decline() -> Result<(), Refused> {
    on_case("decline", "declined", async |visit, caller, envelope| {
        let decision = commands::Decline {
            reason: DeclineReason::from_word(visit.entry("reason")),
            text: visit.entry("text").to_owned(),
        };
        let password = visit.entry("password");
        commands::decline(&visit.desk, &caller, &envelope, decision, password).await
    })
    .await
}

/// The form, beginning with what a reviewer proposed; signed under what `meaning` says.
#[component]
pub fn DeclineForm(
    about: About,
    #[prop(into)] meaning: String,
    #[prop(optional_no_strip)] proposal: Option<DeclineProposal>,
) -> impl IntoView {
    let id = "decline";
    let (reason, text) = proposal
        .map(|proposal| (proposal.reason.word(), proposal.text))
        .unwrap_or_default();
    view! {
        <Form action="/do/decline" id=id typed=about.typed(id) seen=about.seen back=about.back.clone()>
            {about.field()}
            <Select
                name="reason"
                label="Reason"
                options=decline_reasons()
                value=reason
                prompt="Choose a reason"
            />
            <TextArea
                name="text"
                label="Explanation"
                hint="The developer reads this word for word: what stands against the application, and what would have to change."
                value=text
                rows=8
            />
            <SignatureFields meaning=meaning />
            <Button weight=Weight::Danger>"Decline"</Button>
        </Form>
    }
}
