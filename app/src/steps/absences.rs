//! Steps on absences, one's own and those that a lead notes for others.

use super::workload::person_path;
use crate::{
    components::{
        Button, Column, Confirm, DataTable, Line, Need, TextArea, TextField, Weight, some,
    },
    web::{Done, Next, Step, Visit},
};
use casework::{
    Result,
    accounts::Absence,
    commands::{self, PlanAbsenceInput, TakeBackAbsenceInput},
    words::{count, date},
};
use leptos::prelude::*;
use workflow::PersonId;

/// The page of one's own absences.
const OWN_PAGE: &str = "/account/absences";

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![Step::new(plan_absence), Step::new(take_back_absence)]
}

/// Where a person's absences are seen by who noted something of them.
fn page_of(visit: &Visit, person: PersonId) -> Result<Next> {
    let is_own = visit.caller()?.person == person;
    Ok(Next::to(if is_own {
        OWN_PAGE.to_owned()
    } else {
        person_path(person)
    }))
}

/// Notes an absence.
async fn plan_absence(visit: Visit, input: PlanAbsenceInput) -> Result<Next> {
    let caller = visit.caller()?;
    commands::plan_absence(&visit.desk, caller, &input).await?;
    let person = input.person.unwrap_or(caller.person);
    Ok(page_of(&visit, person)?.saying(Done::AbsencePlanned))
}

/// Takes one back.
async fn take_back_absence(visit: Visit, input: TakeBackAbsenceInput) -> Result<Next> {
    let caller = visit.caller()?;
    let person = commands::take_back_absence(&visit.desk, caller, input.absence).await?;
    Ok(page_of(&visit, person)?.saying(Done::AbsenceTakenBack))
}

/// First and last day, a note for the next holders, and whether the cases are kept.
#[component]
pub fn AbsenceForm(
    visit: Visit,
    /// None for oneself.
    person: Option<PersonId>,
    keeps_days: u16,
) -> impl IntoView {
    let keeps = (keeps_days > 0).then(|| {
        format!(
            "For absences of at most {}. Nobody takes the cases up meanwhile; without this they are given back in the morning of the first day.",
            count(usize::from(keeps_days), "business day")
        )
    });
    visit
        .form::<PlanAbsenceInput>()
        .hidden(PlanAbsenceInput::person(), &person)
        .show(|form| {
            view! {
                <TextField of=form.at(PlanAbsenceInput::first()) line=Line::Date />
                <TextField
                    of=form.at(PlanAbsenceInput::last())
                    line=Line::Date
                    hint="The same day for a single one. Days are counted in UTC."
                />
                <TextArea
                    of=form.at(PlanAbsenceInput::note())
                    rows=3
                    need=Need::Optional
                    hint="Stands on each case that is given back, for whoever takes it up. Developers never see it."
                />
                {keeps
                    .map(|hint| {
                        view! {
                            <Confirm
                                of=form.at(PlanAbsenceInput::keeps())
                                label="Keep the cases"
                                hint=hint
                                need=Need::Optional
                            />
                        }
                    })}
                <Button>"Plan absence"</Button>
            }
        })
}

/// Absences that are not over, each with the way to take it back.
#[component]
pub fn AbsenceList(visit: Visit, absences: Vec<Absence>) -> impl IntoView {
    if absences.is_empty() {
        return view! { <p class="soft">"No absence is noted."</p> }.into_any();
    }
    let today = visit.now().date();
    let rows = absences
        .into_iter()
        .map(|absence| row(&visit, &absence, absence.has_begun(today)))
        .collect_view();
    let columns = vec![
        Column::new("Days"),
        Column::new("Cases"),
        Column::new("Hand-over note"),
        Column::new("Take back").tight(),
    ];
    view! {
        <DataTable caption="Absences" columns=columns>
            {rows}
        </DataTable>
    }
    .into_any()
}

/// `3 Dec 2026`, or `3 Dec 2026 to 7 Dec 2026`.
pub fn days_text(absence: &Absence) -> String {
    let (first, last) = (date(absence.first), date(absence.last));
    if first == last {
        first
    } else {
        format!("{first} to {last}")
    }
}

fn row(visit: &Visit, absence: &Absence, has_begun: bool) -> impl IntoView + use<> {
    let days = days_text(absence);
    let form = visit
        .form::<TakeBackAbsenceInput>()
        .id(format!("take-back-{}", absence.id))
        .inline()
        .label(format!("Take back: {days}"))
        .hidden(TakeBackAbsenceInput::absence(), &absence.id)
        .show(|_| view! { <Button weight=Weight::Link>"Take back"</Button> });
    let cases = match (absence.keeps, has_begun) {
        (true, _) => "Kept",
        (false, true) => "Given back",
        (false, false) => "Given back on the first day",
    };
    let note = some(absence.note.clone()).unwrap_or_else(|| "None".to_owned());
    view! {
        <tr>
            <th scope="row">
                {days} {has_begun.then(|| view! { <span class="under">"Now"</span> })}
            </th>
            <td data-label="Cases">{cases}</td>
            <td data-label="Hand-over note" class="as-typed">{note}</td>
            <td data-label="Take back" class="nowrap">{form}</td>
        </tr>
    }
}
