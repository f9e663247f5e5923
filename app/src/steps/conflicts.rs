//! Steps on declared conflicts of interest, one's own and those that a lead notes for others.

use super::workload::person_path;
use crate::{
    components::{Button, Day, Fold, More, TextArea, TextField, Weight},
    web::{Done, Next, Step, Visit},
};
use casework::{
    Result,
    accounts::Conflict,
    commands::{self, DeclareConflictInput, WithdrawConflictInput},
};
use leptos::prelude::*;
use workflow::PersonId;

/// The page of one's own conflicts.
const OWN_PAGE: &str = "/account/conflicts";

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![Step::new(declare_conflict), Step::new(withdraw_conflict)]
}

/// Declares a conflict.
async fn declare_conflict(visit: Visit, input: DeclareConflictInput) -> Result<Next> {
    let caller = visit.caller()?;
    commands::declare_conflict(&visit.desk, caller, &input).await?;
    let person = input.person.filter(|person| *person != caller.person);
    let page = person.map_or_else(|| OWN_PAGE.to_owned(), person_path);
    Ok(Next::to(page).saying(Done::ConflictDeclared))
}

/// Says that one stands no longer.
async fn withdraw_conflict(visit: Visit, input: WithdrawConflictInput) -> Result<Next> {
    let (caller, conflict) = (visit.caller()?, input.conflict);
    let person = commands::withdraw_conflict(&visit.desk, caller, conflict, &input.reason).await?;
    Ok(Next::to(person_path(person)).saying(Done::ConflictWithdrawn))
}

/// With whom, and why.
#[component]
pub fn ConflictForm(
    visit: Visit,
    /// None for oneself.
    person: Option<PersonId>,
) -> impl IntoView {
    visit
        .form::<DeclareConflictInput>()
        .hidden(DeclareConflictInput::person(), &person)
        .show(|form| {
            view! {
                <TextField
                    of=form.at(DeclareConflictInput::organisation())
                    hint="As its apps have it. It holds for every app of this organisation, also for those to come."
                />
                <TextArea
                    of=form.at(DeclareConflictInput::reason())
                    rows=3
                    hint="Leads, compliance and you read it."
                />
                <Button>"Declare conflict"</Button>
            }
        })
}

/// Conflicts that stand; each with the way to withdraw it where `withdraws`.
#[component]
pub fn ConflictList(visit: Visit, conflicts: Vec<Conflict>, withdraws: bool) -> impl IntoView {
    if conflicts.is_empty() {
        return view! { <p class="soft">"No conflict is declared."</p> }.into_any();
    }
    let items = conflicts
        .iter()
        .map(|conflict| {
            let form = withdraws.then(|| withdraw(&visit, conflict));
            let (organisation, reason) = (conflict.organisation.clone(), conflict.reason.clone());
            view! {
                <li>
                    <strong><bdi>{organisation}</bdi></strong>
                    ", since " <Day at=conflict.declared />
                    <span class="under" dir="auto">{reason}</span>
                    {form}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="plain stack">{items}</ul> }.into_any()
}

fn withdraw(visit: &Visit, conflict: &Conflict) -> impl IntoView + use<> {
    let id = format!("withdraw-{}", conflict.id);
    let form = visit
        .form::<WithdrawConflictInput>()
        .id(id)
        .label(format!("Withdraw: {}", conflict.organisation))
        .hidden(WithdrawConflictInput::conflict(), &conflict.id)
        .show(|form| {
            view! {
                <TextField of=form.at(WithdrawConflictInput::reason()) />
                <Button weight=Weight::Quiet>"Withdraw conflict"</Button>
            }
        });
    let fold = match visit.is_back(<WithdrawConflictInput as casework::input::Input>::STEP) {
        true => Fold::Open,
        false => Fold::Closed,
    };
    view! { <More summary="It stands no longer" fold=fold>{form}</More> }
}
