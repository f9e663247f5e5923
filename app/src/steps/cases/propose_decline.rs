//! Propose decline.

use super::{About, decline_reasons, page_of};
use crate::{
    components::{Button, Select, TextArea},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    commands::{self, Envelope, ProposeDecline},
};
use leptos::prelude::*;

/// Lays before the approver that the application be refused.
pub(super) async fn propose_decline(
    visit: Visit,
    at: Envelope,
    input: ProposeDecline,
) -> Result<Next> {
    commands::propose_decline(&visit.desk, visit.caller()?, &at, input).await?;
    Ok(page_of(at.case, Done::DeclineProposed))
}

/// The form.
#[component]
pub fn ProposeDeclineForm(about: About) -> impl IntoView {
    about.form::<ProposeDecline>().show(|form| {
        view! {
            <Select
                of=form.at(ProposeDecline::reason())
                options=decline_reasons()
                prompt="Choose a reason"
            />
            <TextArea
                of=form.at(ProposeDecline::text())
                hint="The approver reads this; the developer does not."
            />
            <Button>"Propose decline"</Button>
        }
    })
}
