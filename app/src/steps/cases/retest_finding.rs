//! Re-test finding.

use super::{About, back_to};
use crate::{
    components::{Button, Buttons, Need, TextArea, Weight},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    commands::{self, Envelope, RetestFinding},
};
use leptos::prelude::*;
use workflow::{FindingId, Timestamp, checklist::ListKind};

/// Records whether a finding with a date is corrected.
pub(super) async fn retest_finding(
    visit: Visit,
    at: Envelope,
    input: RetestFinding,
) -> Result<Next> {
    commands::retest_finding(&visit.desk, visit.caller()?, &at, input).await?;
    let next = back_to(&visit, at.case).next();
    Ok(next.saying(Done::FindingRetested))
}

/// The form under a finding.
#[component]
pub fn RetestFindingForm(
    about: About,
    list: ListKind,
    finding: FindingId,
    /// When the developer's report was written that is shown; none for none.
    report: Option<Timestamp>,
) -> impl IntoView {
    about
        .form::<RetestFinding>()
        .id(format!("retest_finding-{finding}"))
        .faults_in_place()
        .hidden(RetestFinding::list(), &list)
        .hidden(RetestFinding::finding(), &finding)
        .hidden(RetestFinding::report(), &report)
        .show(|form| {
            let outcome = |value| form.says(&RetestFinding::outcome(), value);
            let (corrected, not_corrected) = (outcome("corrected"), outcome("not_corrected"));
            view! {
                <TextArea
                    of=form.at(RetestFinding::text())
                    hint="The developer reads it. Needed where it is not corrected yet."
                    need=Need::Optional
                    rows=2
                />
                <Buttons>
                    <Button weight=Weight::Quiet says=corrected>"Corrected"</Button>
                    <Button weight=Weight::Quiet says=not_corrected>"Not corrected yet"</Button>
                </Buttons>
            }
        })
}
