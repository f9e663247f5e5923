//! Decline.

use super::{About, decline_reasons, page_of, signature};
use crate::{
    components::{Select, TextArea, Weight},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    accounts::Secrets,
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
    let given = Secrets {
        password: input.password.reveal(),
        code: input.code.reveal(),
    };
    commands::decline(&visit.desk, visit.caller()?, &at, decision, given).await?;
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
    let (secrets, means) = (
        (DeclineInput::password(), DeclineInput::code()),
        about.means,
    );
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
            {signature(form, secrets, meaning, means, (Weight::Danger, "Decline"))}
        }
    })
}
