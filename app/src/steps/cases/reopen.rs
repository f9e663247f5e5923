//! Reopen.

use super::{About, on_case, person};
use crate::{
    components::{Button, Form, Opt, Select, TextArea},
    refused::Refused,
};
use casework::{commands, queries::Candidate};
use leptos::{prelude::*, server};

/// Has an ended case looked at once more, by someone else.
#[server(prefix = "/do", endpoint = "reopen")]
pub async fn reopen() -> Result<(), Refused> {
    on_case("reopen", "reopened", async |visit, caller, envelope| {
        let reopening = commands::Reopen {
            reason: visit.entry("reason").to_owned(),
            to: person(&visit, "to")?,
        };
        commands::reopen(&visit.desk, &caller, &envelope, reopening).await
    })
    .await
}

/// The form; `candidates` have not been the case's assignee before.
#[component]
pub fn ReopenForm(about: About, candidates: Vec<Candidate>) -> impl IntoView {
    let id = "reopen";
    let options = candidates
        .into_iter()
        .map(|candidate| Opt::new(candidate.person.to_string(), candidate.name))
        .collect();
    view! {
        <Form action="/do/reopen" id=id typed=about.typed(id) seen=about.seen back=about.back.clone()>
            {about.field()}
            <TextArea name="reason" label="What the appeal brings" />
            <Select name="to" label="New assignee" options=options prompt="Choose a person" />
            <Button>"Reopen"</Button>
        </Form>
    }
}
