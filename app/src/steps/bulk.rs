//! One step for many cases of the queue: choosing it, confirming it, trying again.

use super::{cases::assign::hand_over, workload::option};
use crate::{
    components::{Button, Confirm, FormOf, Opt, Radios, Select, day_text},
    web::{Next, Step, Visit},
};
use casework::{
    Result,
    cases::bulk::BulkKind,
    commands::{self, BeginBulkInput, ConfirmBulkInput, RepeatBulkInput, StopBulkInput},
    queries::{
        Worker,
        queue::{Filter, Tag},
    },
};
use leptos::prelude::*;
use uuid::Uuid;
use workflow::{CaseNumber, Timestamp, state::Seat};

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(begin_bulk),
        Step::new(confirm_bulk),
        Step::new(repeat_bulk),
        Step::new(stop_bulk),
    ]
}

/// The page of a run.
pub fn run_path(run: Uuid) -> String {
    format!("/queue/bulk/{run}")
}

/// Looks what would come of a step for many cases.
async fn begin_bulk(visit: Visit, input: BeginBulkInput) -> Result<Next> {
    let run = commands::begin_bulk(&visit.desk, visit.caller()?, &input).await?;
    Ok(Next::to(run_path(run)))
}

/// Has it carried out; its page says how far it is.
async fn confirm_bulk(visit: Visit, input: ConfirmBulkInput) -> Result<Next> {
    commands::confirm_bulk(&visit.desk, visit.caller()?, input.run).await?;
    Ok(Next::to(run_path(input.run)))
}

/// Looks again at what was not done.
async fn repeat_bulk(visit: Visit, input: RepeatBulkInput) -> Result<Next> {
    let run = commands::repeat_bulk(&visit.desk, visit.caller()?, input.run).await?;
    Ok(Next::to(run_path(run)))
}

/// Lets a run go on no longer.
async fn stop_bulk(visit: Visit, input: StopBulkInput) -> Result<Next> {
    commands::stop_bulk(&visit.desk, visit.caller()?, input.run).await?;
    Ok(Next::to(run_path(input.run)))
}

/// Which cases a step is for.
#[derive(Clone, Debug)]
pub struct Which {
    pub list: Filter,
    /// Those of it that are marked; none for all.
    pub marked: Vec<CaseNumber>,
}

impl Which {
    fn form(&self, visit: &Visit, kind: BulkKind) -> FormOf<BeginBulkInput> {
        let marked: Vec<String> = self.marked.iter().map(ToString::to_string).collect();
        visit
            .form::<BeginBulkInput>()
            .id(format!("bulk-{}", kind.word()))
            .hidden(BeginBulkInput::query(), &self.list.query())
            .hidden(BeginBulkInput::marked(), &marked.join(","))
            .hidden(BeginBulkInput::kind(), &kind.word().to_owned())
    }
}

/// To whom they go.
#[component]
pub fn AssignAllForm(
    visit: Visit,
    which: Which,
    workers: Vec<Worker>,
    now: Timestamp,
) -> impl IntoView {
    let (away, there): (Vec<_>, Vec<_>) = workers
        .into_iter()
        .partition(|worker| worker.away(now).is_some());
    let options = there.iter().map(option).collect();
    let away = away
        .iter()
        .filter_map(|worker| {
            let until = day_text(worker.away(now)?);
            Some(format!("{} is away until {until}.", worker.name))
        })
        .collect::<Vec<_>>()
        .join(" ");
    let seats = Seat::ALL
        .iter()
        .map(|seat| Opt::new(seat.word(), seat.label()))
        .collect();
    which.form(&visit, BulkKind::Assign).show(|form| {
        view! {
            <Select
                of=form.at(BeginBulkInput::to())
                options=options
                prompt="Choose a person"
                hint=away
            />
            <Radios
                of=form.at(BeginBulkInput::seat())
                options=seats
                value=Seat::Case.word()
            />
            {hand_over(form.at(BeginBulkInput::note()))}
            <Confirm of=form.at(BeginBulkInput::beyond()) />
            <Button>"Look what would be assigned"</Button>
        }
    })
}

/// Their developers are reminded.
#[component]
pub fn RemindAllForm(visit: Visit, which: Which) -> impl IntoView {
    which
        .form(&visit, BulkKind::Remind)
        .show(|_| view! { <Button>"Look who would be reminded"</Button> })
}

/// Which tag they get.
#[component]
pub fn TagAllForm(visit: Visit, which: Which, tags: Vec<Tag>) -> impl IntoView {
    let options = tags
        .iter()
        .map(|tag| Opt::new(tag.id.to_string(), &tag.name))
        .collect();
    which.form(&visit, BulkKind::Tag).show(|form| {
        view! {
            <Select of=form.at(BeginBulkInput::tag()) options=options prompt="Choose a tag" />
            <Button>"Look what would be tagged"</Button>
        }
    })
}
