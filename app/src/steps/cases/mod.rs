//! The steps that staff take on a case: one file each, with its server function and its form.

pub mod approve;
pub mod assign;
pub mod check_item;
pub mod confirm_complete;
pub mod date_finding;
pub mod decline;
pub mod get_next;
pub mod grants;
pub mod look_at;
pub mod pass_track;
pub mod propose_decline;
pub mod record_finding;
pub mod release;
pub mod reopen;
pub mod request_clarification;
pub mod request_corrections;
pub mod waive_finding;

use crate::{
    components::{Hidden, Opt, PasswordField, Typed},
    refused::Refused,
    web::{Visit, carry_out, envelope},
};
use casework::{
    Caller, Result,
    commands::{Done, Envelope},
};
use leptos::prelude::*;
use std::future::Future;
use workflow::{CaseNumber, PersonId, Seen, event::DeclineReason};

/// The case that a form is about, as its fields carry it.
#[derive(Clone)]
pub struct About {
    pub case: CaseNumber,
    /// What the person sees of the case.
    pub seen: Seen,
    /// The page to come back to when the step is refused.
    pub back: String,
    /// The visit, for what came back.
    pub visit: Visit,
}

impl About {
    /// What came back for the form with this id.
    pub fn typed(&self, form: &str) -> Typed {
        self.visit.typed(form)
    }

    /// The field that every form of a case has.
    pub fn field(&self) -> impl IntoView + use<> {
        view! { <Hidden name="case" value=self.case.to_string() /> }
    }
}

/// Carries out a step on the case that the form names, and goes to the case's page, which says
/// what was `done`.
async fn on_case<F>(
    step: &'static str,
    done: &'static str,
    work: impl FnOnce(Visit, Caller, Envelope) -> F + Send,
) -> Result<(), Refused>
where
    F: Future<Output = Result<Done>> + Send,
{
    on_case_at(step, async move |visit, caller, envelope| {
        let case = envelope.case;
        work(visit, caller, envelope).await?;
        Ok(format!("/cases/{case}?done={done}"))
    })
    .await
}

/// As [`on_case`], going where `work` says.
async fn on_case_at<F>(
    step: &'static str,
    work: impl FnOnce(Visit, Caller, Envelope) -> F + Send,
) -> Result<(), Refused>
where
    F: Future<Output = Result<String>> + Send,
{
    carry_out(step, async move |visit: Visit| {
        let caller = visit.caller()?.clone();
        let case: CaseNumber = visit.parsed("case")?;
        let envelope = envelope(&visit, case);
        work(visit, caller, envelope).await
    })
    .await
}

/// The person whom a field names; none where it is empty.
fn person(visit: &Visit, field: &str) -> Result<Option<PersonId>> {
    match visit.entry(field) {
        "" => Ok(None),
        _ => visit.parsed(field).map(Some),
    }
}

/// What a signature means, and the password that gives it.
#[component]
pub fn SignatureFields(#[prop(into)] meaning: String) -> impl IntoView {
    view! {
        <p class="as-typed">{meaning}</p>
        <PasswordField name="password" label="Your password" hint="It signs this decision." />
    }
}

/// The reasons for which an application can be declined.
fn decline_reasons() -> Vec<Opt> {
    DeclineReason::ALL
        .iter()
        .map(|reason| Opt::new(reason.word(), reason.label()))
        .collect()
}
