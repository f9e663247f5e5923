//! Waive finding.

use super::{About, back_to};
use crate::{
    components::{Button, TextArea, Weight},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    commands::{self, Envelope, WaiveFinding},
};
use leptos::prelude::*;
use workflow::FindingId;

/// Accepts a fault as it is.
pub(super) async fn waive_finding(visit: Visit, at: Envelope, input: WaiveFinding) -> Result<Next> {
    commands::waive_finding(&visit.desk, visit.caller()?, &at, input).await?;
    Ok(back_to(&visit, at.case).next().saying(Done::FindingWaived))
}

/// The form under a finding.
#[component]
pub fn WaiveFindingForm(about: About, finding: FindingId) -> impl IntoView {
    about
        .form::<WaiveFinding>()
        .id(format!("waive_finding-{finding}"))
        .faults_in_place()
        .hidden(WaiveFinding::finding(), &finding)
        .show(|form| {
            view! {
                <TextArea of=form.at(WaiveFinding::reason()) rows=2 />
                <Button weight=Weight::Quiet>"Waive finding"</Button>
            }
        })
}
