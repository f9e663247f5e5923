//! Set date for finding.

use super::{About, back_to};
use crate::{
    components::{Button, Line, TextField, Weight},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    commands::{self, DateFinding, Envelope},
};
use leptos::prelude::*;
use workflow::FindingId;

/// Sets the day by which a fault is to be corrected after the approval.
pub(super) async fn date_finding(visit: Visit, at: Envelope, input: DateFinding) -> Result<Next> {
    commands::date_finding(&visit.desk, visit.caller()?, &at, input).await?;
    Ok(back_to(&visit, at.case).next().saying(Done::DateSet))
}

/// The form under a finding.
#[component]
pub fn DateFindingForm(about: About, finding: FindingId) -> impl IntoView {
    about
        .form::<DateFinding>()
        .id(format!("date_finding-{finding}"))
        .faults_in_place()
        .hidden(DateFinding::finding(), &finding)
        .show(|form| {
            view! {
                <TextField of=form.at(DateFinding::due()) line=Line::Date />
                <Button weight=Weight::Quiet>"Set date for finding"</Button>
            }
        })
}
