//! Approve: signed with the password, on a page of its own.

use super::{About, SignatureFields, on_case};
use crate::{
    components::{Button, Form, Need, TextArea},
    refused::Refused,
};
use casework::commands;
use leptos::{prelude::*, server};

/// Grants the access.
#[server(prefix = "/do", endpoint = "approve")]
pub async fn approve() -> Result<(), Refused> {
    on_case("approve", "approved", async |visit, caller, envelope| {
        let (note, password) = (visit.entry("note"), visit.entry("password"));
        commands::approve(&visit.desk, &caller, &envelope, note, password).await
    })
    .await
}

/// The signature under what `meaning` says.
#[component]
pub fn ApproveForm(about: About, #[prop(into)] meaning: String) -> impl IntoView {
    let id = "approve";
    view! {
        <Form action="/do/approve" id=id typed=about.typed(id) seen=about.seen back=about.back.clone()>
            {about.field()}
            <TextArea
                name="note"
                label="Note to the record"
                hint="Staff and auditors read this; the developer does not."
                need=Need::Optional
                rows=3
            />
            <SignatureFields meaning=meaning />
            <Button>"Approve"</Button>
        </Form>
    }
}
