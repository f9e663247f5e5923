//! Steps of leads on who holds how much.

use crate::{
    components::{Button, Line, Need, Opt, Radios, Select, TextField, Weight, day_text},
    steps::{bulk::run_path, cases::assign::hand_over},
    web::{Done, Next, Step, Visit},
};
use casework::{
    Result,
    commands::{self, MoveCasesInput, SetCapacityInput},
    queries::{WorkOf, Worker},
    words::count,
};
use leptos::prelude::*;
use workflow::{PersonId, Timestamp};

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![Step::new(set_capacity), Step::new(move_cases)]
}

/// The page of one person's work.
pub fn person_path(person: PersonId) -> String {
    format!("/workload/{person}")
}

/// Sets how many open cases somebody holds at most.
async fn set_capacity(visit: Visit, input: SetCapacityInput) -> Result<Next> {
    let (person, capacity) = (input.person, input.capacity);
    commands::set_capacity(&visit.desk, visit.caller()?, person, capacity).await?;
    Ok(Next::to(person_path(person)).saying(Done::CapacitySet))
}

/// Looks what would come of giving what somebody holds to somebody else.
async fn move_cases(visit: Visit, input: MoveCasesInput) -> Result<Next> {
    let run = commands::move_cases(&visit.desk, visit.caller()?, &input).await?;
    Ok(Next::to(run_path(run)))
}

/// How many open cases a person holds at most.
#[component]
pub fn CapacityForm(visit: Visit, person: PersonId, capacity: u32, is_own: bool) -> impl IntoView {
    let value = if is_own {
        capacity.to_string()
    } else {
        String::new()
    };
    let hint = if is_own {
        "Empty: as the setting says.".to_owned()
    } else {
        format!("Empty: as the setting says, which is {capacity} now.")
    };
    visit
        .form::<SetCapacityInput>()
        .hidden(SetCapacityInput::person(), &person)
        .show(|form| {
            view! {
                <TextField
                    of=form.at(SetCapacityInput::capacity())
                    line=Line::Number
                    value=value
                    hint=hint
                    need=Need::Optional
                />
                <Button weight=Weight::Quiet>"Set capacity"</Button>
            }
        })
}

/// To whom the cases of a person go, and which of them.
#[component]
pub fn MoveCasesForm(visit: Visit, work: WorkOf, now: Timestamp) -> impl IntoView {
    let (away, there): (Vec<_>, Vec<_>) = work
        .others
        .into_iter()
        .partition(|other| other.away(now).is_some());
    let options = there.iter().map(option).collect();
    let away = away
        .iter()
        .filter_map(|other| {
            let until = day_text(other.away(now)?);
            Some(format!("{} is away until {until}.", other.name))
        })
        .collect::<Vec<_>>()
        .join(" ");
    let which = vec![
        Opt::new("all", "All that they hold"),
        Opt::new("overdue", "Only what is overdue"),
    ];
    visit
        .form::<MoveCasesInput>()
        .hidden(MoveCasesInput::person(), &work.worker.person)
        .show(|form| {
            view! {
                <Radios of=form.at(MoveCasesInput::which()) options=which value="all" />
                <Select
                    of=form.at(MoveCasesInput::to())
                    options=options
                    prompt="Choose a person"
                    hint=away
                />
                {hand_over(form.at(MoveCasesInput::note()))}
                <Button>"Look what would move"</Button>
            }
        })
}

/// `Rosa Lind, Reviewer (12 of 12 cases)`.
pub(super) fn option(worker: &Worker) -> Opt {
    let roles: Vec<&str> = worker.roles.iter().map(|role| role.label()).collect();
    Opt::new(
        worker.person.to_string(),
        format!(
            "{}, {} ({} of {})",
            worker.name,
            roles.join(", "),
            worker.load.open,
            count(worker.capacity, "case")
        ),
    )
}
