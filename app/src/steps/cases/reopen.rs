//! Reopen.

use super::{About, page_of};
use crate::{
    components::{Button, Opt, Select, TextArea},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    commands::{self, Envelope, Reopen},
    queries::Candidate,
};
use leptos::prelude::*;

/// Has an ended case looked at once more, by someone else.
pub(super) async fn reopen(visit: Visit, at: Envelope, input: Reopen) -> Result<Next> {
    commands::reopen(&visit.desk, visit.caller()?, &at, input).await?;
    Ok(page_of(at.case, Done::Reopened))
}

/// The form; `candidates` have not been the case's assignee before.
#[component]
pub fn ReopenForm(about: About, candidates: Vec<Candidate>) -> impl IntoView {
    let options = candidates
        .into_iter()
        .map(|candidate| Opt::new(candidate.person.to_string(), candidate.name))
        .collect();
    about.form::<Reopen>().show(|form| {
        view! {
            <TextArea of=form.at(Reopen::reason()) />
            <Select of=form.at(Reopen::to()) options=options prompt="Choose a person" />
            <Button>"Reopen"</Button>
        }
    })
}
