//! Decline.

use super::{About, decline_reasons, page_of, signature};
use crate::{
    components::{Button, Select, TextArea, Weight},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    commands::{self, Decline, DeclineInput, Envelope},
};
use leptos::prelude::*;
use workflow::case::DeclineProposal;

/// Refuses the application.
pub(super) async fn decline(visit: Visit, at: Envelope, input: DeclineInput) -> Result<Next> {
    let decision = Decline {
        reason: input.reason,
        text: input.text,
    };
    let password = input.password.reveal();
    commands::decline(&visit.desk, visit.caller()?, &at, decision, password).await?;
    Ok(page_of(at.case, Done::Declined))
}

/// The form, beginning with what a reviewer proposed; signed under what `meaning` says.
#[component]
pub fn DeclineForm(
    about: About,
    #[prop(into)] meaning: String,
    #[prop(optional_no_strip)] proposal: Option<DeclineProposal>,
) -> impl IntoView {
    let (reason, text) = proposal
        .map(|proposal| (proposal.reason.word(), proposal.text))
        .unwrap_or_default();
    about.form::<DeclineInput>().show(|form| {
        view! {
            <Select
                of=form.at(DeclineInput::reason())
                options=decline_reasons()
                value=reason
                prompt="Choose a reason"
            />
            <TextArea
                of=form.at(DeclineInput::text())
                hint="The developer reads this word for word: what stands against the application, and what would have to change."
                value=text
                rows=8
            />
            {signature(form, &DeclineInput::password(), meaning)}
            <Button weight=Weight::Danger>"Decline"</Button>
        }
    })
}
