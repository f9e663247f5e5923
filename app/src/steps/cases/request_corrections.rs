//! Request corrections.

use super::{About, on_case};
use crate::{
    components::{Button, Form, Line, TextField},
    refused::Refused,
};
use casework::commands;
use leptos::{prelude::*, server};

/// Sends the case back to be mended.
#[server(prefix = "/do", endpoint = "request_corrections")]
pub async fn request_corrections() -> Result<(), Refused> {
    on_case(
        "request_corrections",
        "corrections-requested",
        async |visit, caller, envelope| {
            let request = commands::RequestCorrections {
                due: visit.entry("due").to_owned(),
            };
            commands::request_corrections(&visit.desk, &caller, &envelope, request).await
        },
    )
    .await
}

/// The form; `usual` is the day that goes without saying.
#[component]
pub fn RequestCorrectionsForm(about: About, #[prop(into)] usual: String) -> impl IntoView {
    let id = "request_corrections";
    view! {
        <Form action="/do/request_corrections" id=id typed=about.typed(id) seen=about.seen back=about.back.clone()>
            {about.field()}
            <TextField name="due" label="Mended by" line=Line::Date value=usual />
            <Button>"Request corrections"</Button>
        </Form>
    }
}
