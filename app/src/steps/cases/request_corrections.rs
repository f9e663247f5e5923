//! Request corrections.

use super::{About, page_of};
use crate::{
    components::{Button, Line, TextField},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    commands::{self, Envelope, RequestCorrections},
};
use leptos::prelude::*;

/// Sends the case back to be corrected.
pub(super) async fn request_corrections(
    visit: Visit,
    at: Envelope,
    input: RequestCorrections,
) -> Result<Next> {
    commands::request_corrections(&visit.desk, visit.caller()?, &at, input).await?;
    Ok(page_of(at.case, Done::CorrectionsRequested))
}

/// The form; `usual` is the day that goes without saying.
#[component]
pub fn RequestCorrectionsForm(about: About, #[prop(into)] usual: String) -> impl IntoView {
    about.form::<RequestCorrections>().show(|form| {
        view! {
            <TextField of=form.at(RequestCorrections::due()) line=Line::Date value=usual />
            <Button>"Request corrections"</Button>
        }
    })
}
