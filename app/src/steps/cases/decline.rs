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
use workflow::event::DeclineReason;

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

/// The form, beginning with the reason that a reviewer proposed; signed under what `meaning` says.
/// The text of a proposal is the desk's own: what the developer reads is written here.
#[component]
pub fn DeclineForm(
    about: About,
    #[prop(into)] meaning: String,
    #[prop(optional_no_strip)] proposed: Option<DeclineReason>,
) -> impl IntoView {
    let reason = proposed.map(DeclineReason::word).unwrap_or_default();
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
                rows=8
            />
            {signature(form, &DeclineInput::password(), meaning)}
            <Button weight=Weight::Danger>"Decline"</Button>
        }
    })
}
