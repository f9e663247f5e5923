//! Confirm complete.

use super::{About, page_of};
use crate::{
    components::{Button, Weight},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    commands::{self, ConfirmCompleteInput, Envelope},
};
use leptos::prelude::*;

/// Lets the case go on to the review.
pub(super) async fn confirm_complete(
    visit: Visit,
    at: Envelope,
    _: ConfirmCompleteInput,
) -> Result<Next> {
    commands::confirm_complete(&visit.desk, visit.caller()?, &at).await?;
    Ok(page_of(at.case, Done::ConfirmedComplete))
}

/// The button.
#[component]
pub fn ConfirmCompleteForm(about: About, #[prop(optional)] weight: Weight) -> impl IntoView {
    about
        .form::<ConfirmCompleteInput>()
        .show(|_| view! { <Button weight=weight>"Confirm complete"</Button> })
}
