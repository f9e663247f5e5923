//! Reopen.

use super::{
    About,
    assign::{away_text, candidate_option},
    page_of,
};
use crate::{
    components::{Button, Need, Opt, Select, TextArea},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    commands::{self, Envelope, Reopen},
    queries::Candidate,
};
use leptos::prelude::*;
use std::collections::BTreeSet;
use workflow::PersonId;

/// Has an ended case looked at once more.
pub(super) async fn reopen(visit: Visit, at: Envelope, input: Reopen) -> Result<Next> {
    commands::reopen(&visit.desk, visit.caller()?, &at, input).await?;
    Ok(page_of(at.case, Done::Reopened))
}

/// The form; those `known` to the case have worked on it, and come last.
#[component]
pub fn ReopenForm(
    about: About,
    candidates: Vec<Candidate>,
    known: BTreeSet<PersonId>,
) -> impl IntoView {
    let (away, mut there): (Vec<_>, Vec<_>) = candidates
        .into_iter()
        .partition(|candidate| candidate.away.is_some());
    there.sort_by_key(|candidate| known.contains(&candidate.person));
    let options = there
        .iter()
        .map(|candidate| {
            let option = candidate_option(candidate);
            if known.contains(&candidate.person) {
                let label = format!("{}, has worked on this case", option.label);
                Opt::new(option.value, label)
            } else {
                option
            }
        })
        .collect();
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
            <TextArea
                of=form.at(Reopen::although())
                hint="Only for someone who has worked on this case: it stands in the trail."
                need=Need::Optional
                rows=2
            />
            <Button>"Reopen"</Button>
        }
    })
}
