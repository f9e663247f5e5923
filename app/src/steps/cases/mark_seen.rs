//! Mark as seen: what others have changed is not new to the reader any more.

use super::{About, back_to};
use crate::{
    components::{Button, Weight},
    web::{Next, Visit},
};
use casework::{
    Result,
    commands::{self, Envelope, MarkSeenInput},
};
use leptos::prelude::*;
use workflow::Timestamp;

/// Notes what the reader has seen; changes nothing of the case.
pub(super) async fn mark_seen(visit: Visit, at: Envelope, input: MarkSeenInput) -> Result<Next> {
    let until = Timestamp::from_micros(input.at);
    commands::mark_seen(&visit.desk, visit.caller()?, at.case, until).await?;
    Ok(back_to(&visit, at.case).next())
}

/// The button.
#[component]
pub fn MarkSeenForm(about: About) -> impl IntoView {
    let now = about.visit.now().micros();
    about
        .form::<MarkSeenInput>()
        .hidden(MarkSeenInput::at(), &now)
        .show(|_| view! { <Button weight=Weight::Quiet>"Mark as seen"</Button> })
}
