//! Reopen.

use super::{
    About,
    assign::{away_text, candidate_option},
    page_of,
};
use crate::{
    components::{Button, Select, TextArea},
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
    let (away, there): (Vec<_>, Vec<_>) = candidates
        .into_iter()
        .partition(|candidate| candidate.away.is_some());
    let options = there.iter().map(candidate_option).collect();
    let away = away_text(&away);
    about.form::<Reopen>().show(|form| {
        view! {
            <TextArea of=form.at(Reopen::reason()) />
            <Select
                of=form.at(Reopen::to())
                options=options
                prompt="Choose a person"
                hint=away
            />
            <Button>"Reopen"</Button>
        }
    })
}
