//! Waive finding.

use super::{About, on_case};
use crate::{
    components::{Button, Form, Hidden, TextArea, Weight},
    refused::Refused,
};
use casework::commands;
use leptos::{prelude::*, server};
use workflow::{FindingId, checklist::ListKind};

/// Accepts a fault as it is.
#[server(prefix = "/do", endpoint = "waive_finding")]
pub async fn waive_finding() -> Result<(), Refused> {
    on_case(
        "waive_finding",
        "finding-waived",
        async |visit, caller, envelope| {
            let waiver = commands::WaiveFinding {
                finding: visit.parsed("finding")?,
                reason: visit.entry("reason").to_owned(),
            };
            commands::waive_finding(&visit.desk, &caller, &envelope, waiver).await
        },
    )
    .await
}

/// The form under a finding.
#[component]
pub fn WaiveFindingForm(about: About, list: ListKind, finding: FindingId) -> impl IntoView {
    let id = format!("waive_finding-{finding}");
    let back = format!("/cases/{}?open={}", about.case, list.word());
    view! {
        <Form action="/do/waive_finding" id=id.clone() typed=about.typed(&id) seen=about.seen back=back>
            {about.field()}
            <Hidden name="finding" value=finding.to_string() />
            <TextArea name="reason" label="Why it may stay" rows=2 />
            <Button weight=Weight::Quiet>"Waive finding"</Button>
        </Form>
    }
}
