//! Set date for finding.

use super::{About, on_case};
use crate::{
    components::{Button, Form, Hidden, Line, TextField, Weight},
    refused::Refused,
};
use casework::commands;
use leptos::{prelude::*, server};
use workflow::{FindingId, checklist::ListKind};

/// Sets the day by which a fault is to be mended after the approval.
#[server(prefix = "/do", endpoint = "date_finding")]
pub async fn date_finding() -> Result<(), Refused> {
    on_case(
        "date_finding",
        "date-set",
        async |visit, caller, envelope| {
            let dated = commands::DateFinding {
                finding: visit.parsed("finding")?,
                due: visit.entry("due").to_owned(),
            };
            commands::date_finding(&visit.desk, &caller, &envelope, dated).await
        },
    )
    .await
}

/// The form under a finding.
#[component]
pub fn DateFindingForm(about: About, list: ListKind, finding: FindingId) -> impl IntoView {
    let id = format!("date_finding-{finding}");
    let back = format!("/cases/{}?open={}", about.case, list.word());
    view! {
        <Form action="/do/date_finding" id=id.clone() typed=about.typed(&id) seen=about.seen back=back>
            {about.field()}
            <Hidden name="finding" value=finding.to_string() />
            <TextField name="due" label="To be mended by" line=Line::Date />
            <Button weight=Weight::Quiet>"Set date for finding"</Button>
        </Form>
    }
}
