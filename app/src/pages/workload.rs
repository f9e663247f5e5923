//! `/workload` and the page of each person below it: who holds how much, who is away, and moving
//! work from one to another; for leads.

use crate::{
    components::{
        Card, Column, DataTable, Day, EmptyState, Fact, Facts, Hue, PageHead, Tag,
        days_text as time_text,
    },
    steps::{
        absences::{AbsenceForm, AbsenceList, days_text},
        conflicts::{ConflictForm, ConflictList},
        workload::{CapacityForm, MoveCasesForm, person_path},
    },
    web::{Page, Visit, encode, page},
};
use casework::queries::{
    HeldSeat, MOST_CASES, StageTime, WaitingAsk, WorkOf, Worker, stage_times, waiting_asks,
    work_of, workload,
};
use leptos::prelude::*;
use workflow::{PersonId, Timestamp};

/// `/workload`.
#[component]
pub fn WorkloadPage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?;
        let workers = workload(&visit.desk, caller).await?;
        let stages = stage_times(&visit.desk, caller).await?;
        let asks = waiting_asks(&visit.desk, caller).await?;
        let now = visit.now();
        let people = if workers.is_empty() {
            view! { <EmptyState title="Nobody reviews" text="No account has a role of review." /> }
                .into_any()
        } else {
            let columns = vec![
                Column::new("Name"),
                Column::new("Open").figures(),
                Column::new("Due soon").figures(),
                Column::new("Overdue").figures(),
                Column::new("Away"),
                Column::new("Queue").tight(),
            ];
            let rows = workers
                .into_iter()
                .map(|worker| row(worker, now))
                .collect_view();
            view! {
                <DataTable caption="Who holds how much" columns=columns>
                    {rows}
                </DataTable>
            }
            .into_any()
        };
        Ok(Page::new(
            "Workload",
            view! {
                <PageHead
                    title="Workload"
                    lead="What each reviewer holds of open cases. Those that wait for us are due soon within three business days."
                />
                {people}
                {stuck(asks)}
                {times(stages)}
            },
        ))
    })
}

fn row(worker: Worker, now: Timestamp) -> impl IntoView {
    let roles: Vec<&str> = worker.roles.iter().map(|role| role.label()).collect();
    let load = worker.load;
    let full = (load.open >= worker.capacity).then(|| view! { <span class="under">"Full"</span> });
    let overdue = match load.overdue {
        0 => "0".into_any(),
        many => view! { <Tag hue=Hue::Overdue text=many.to_string() /> }.into_any(),
    };
    let queue = |view: &str| format!("/queue?view={view}&assignee={}", encode(&worker.username));
    let late = (load.overdue > 0).then(|| {
        let href = queue("overdue");
        let label = format!("Overdue cases of {}", worker.name);
        view! { " · " <a href=href aria-label=label>"Overdue"</a> }
    });
    view! {
        <tr>
            <th scope="row">
                <a href=person_path(worker.person)>{worker.name.clone()}</a>
                <span class="under">{roles.join(", ")}</span>
            </th>
            <td data-label="Open" class="end">
                {format!("{} of {}", load.open, worker.capacity)} {full}
            </td>
            <td data-label="Due soon" class="end">{load.due_soon}</td>
            <td data-label="Overdue" class="end">{overdue}</td>
            <td data-label="Away">{away(&worker, now)}</td>
            <td data-label="Queue">
                <a href=queue("all_open") aria-label=format!("Open cases of {}", worker.name)>
                    "Open"
                </a>
                {late}
            </td>
        </tr>
    }
}

/// Whether somebody is away, now or next.
fn away(worker: &Worker, now: Timestamp) -> AnyView {
    match (&worker.absence, worker.away(now)) {
        (_, Some(until)) => view! { "Until " <Day at=until /> }.into_any(),
        (Some(next), None) => format!("Next: {}", days_text(next)).into_any(),
        (None, None) => view! { <span class="soft">"No"</span> }.into_any(),
    }
}

/// Developers who ask whether their application is stuck.
fn stuck(asks: Vec<WaitingAsk>) -> impl IntoView {
    let items = asks
        .into_iter()
        .map(|ask| {
            let number = ask.case.to_string();
            let href = format!("/cases/{number}#stuck");
            let text = (!ask.text.is_empty())
                .then(|| view! { <span class="under" dir="auto">{ask.text}</span> });
            view! {
                <li>
                    <a href=href>{number}</a>
                    " "
                    <bdi>{ask.app}</bdi>
                    ", since " <Day at=ask.at />
                    {text}
                </li>
            }
        })
        .collect::<Vec<_>>();
    let body = match items.is_empty() {
        true => view! { <p class="soft">"Nobody asks at the moment."</p> }.into_any(),
        false => view! { <ul class="plain stack">{items}</ul> }.into_any(),
    };
    view! {
        <Card title="Asked if it is stuck" id="stuck">
            {body}
        </Card>
    }
}

/// The median time in each stage.
fn times(stages: Vec<StageTime>) -> impl IntoView {
    let body = if stages.is_empty() {
        view! { <p class="soft">"No application has ended in the last 90 days."</p> }.into_any()
    } else {
        let columns = vec![
            Column::new("Stage"),
            Column::new("Median").tight(),
            Column::new("Cases").figures(),
        ];
        let rows = stages
            .into_iter()
            .map(|time| {
                view! {
                    <tr>
                        <th scope="row">{time.stage.label()}</th>
                        <td data-label="Median">{time_text(time.median)}</td>
                        <td data-label="Cases" class="end">{time.of}</td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <DataTable caption="Median time by stage" columns=columns>
                {rows}
            </DataTable>
        }
        .into_any()
    };
    view! {
        <Card title="Time by stage" id="stages">
            <p>
                "Of the applications that ended in the last 90 days, the last 200 at most: half of them were in the stage no longer, in business days, with every return to it counted in."
            </p>
            {body}
        </Card>
    }
}

/// `/workload/…`: one person.
#[component]
pub fn WorkOfPage() -> impl IntoView {
    page(|visit| async move {
        let person: PersonId = visit.at("person")?;
        let work = work_of(&visit.desk, visit.caller()?, person).await?;
        Ok(Page::new(
            format!("Workload of {}", work.worker.name),
            body(&visit, work),
        ))
    })
}

fn body(visit: &Visit, work: WorkOf) -> impl IntoView + use<> {
    let (worker, now) = (work.worker.clone(), visit.now());
    let crumbs = vec![("Workload".to_owned(), "/workload".to_owned())];
    let roles: Vec<&str> = worker.roles.iter().map(|role| role.label()).collect();
    let load = worker.load;
    let (name, person) = (worker.name.clone(), worker.person);
    let away = away(&worker, now);
    let capacity = view! {
        <CapacityForm
            visit=visit.clone()
            person=person
            capacity=worker.capacity
            is_own=work.has_own_capacity
        />
    };
    let absences = view! {
        <AbsenceList visit=visit.clone() absences=work.absences.clone() />
        <AbsenceForm visit=visit.clone() person=Some(person) keeps_days=work.keeps_days />
    };
    let withdraws = visit.caller().is_ok_and(|caller| caller.person != person);
    let conflicts = view! {
        <ConflictList visit=visit.clone() conflicts=work.conflicts.clone() withdraws=withdraws />
        <ConflictForm visit=visit.clone() person=Some(person) />
    };
    let held = seats(work.seats.clone());
    let moving = if work.seats.is_empty() {
        view! { <p class="soft">"There is nothing to move."</p> }.into_any()
    } else {
        view! { <MoveCasesForm visit=visit.clone() work=work now=now /> }.into_any()
    };
    view! {
        <PageHead title=name lead=roles.join(", ") crumbs=crumbs />
        <Card title="Holds" id="holds">
            <Facts>
                <Fact name="Open">{format!("{} of {}", load.open, worker.capacity)}</Fact>
                <Fact name="Due soon">{load.due_soon}</Fact>
                <Fact name="Overdue">{load.overdue}</Fact>
                <Fact name="Away">{away}</Fact>
            </Facts>
            {held}
        </Card>
        <Card title="Move cases" id="move">
            {moving}
        </Card>
        <Card title="Capacity" id="capacity">
            <p>"“Get next” gives nothing beyond it. Assigning more stays possible."</p>
            {capacity}
        </Card>
        <Card title="Absences" id="absences">
            {absences}
        </Card>
        <Card title="Conflicts of interest" id="conflicts">
            {conflicts}
        </Card>
    }
}

/// The seats, the most urgent first.
fn seats(held: Vec<HeldSeat>) -> impl IntoView {
    if held.is_empty() {
        return view! { <p class="soft">"Nothing at the moment."</p> }.into_any();
    }
    let is_cut = held.len() >= MOST_CASES;
    let columns = vec![
        Column::new("Case"),
        Column::new("App"),
        Column::new("As"),
        Column::new("Due").tight(),
    ];
    let rows = held
        .into_iter()
        .map(|held| {
            let number = held.case.to_string();
            let href = format!("/cases/{number}");
            let overdue = held
                .overdue
                .then(|| view! { " " <Tag hue=Hue::Overdue text="Overdue" /> });
            let due = match held.due {
                Some(at) => view! { <Day at=at /> }.into_any(),
                None => view! { <span class="soft">"None"</span> }.into_any(),
            };
            view! {
                <tr class="leads">
                    <th scope="row">
                        <a class="lead" href=href>{number}</a>
                    </th>
                    <td data-label="App">{held.app}</td>
                    <td data-label="As">{held.seat.label()}</td>
                    <td data-label="Due">{due} {overdue}</td>
                </tr>
            }
        })
        .collect_view();
    let cut = is_cut
        .then(|| view! { <p class="soft">{format!("The {MOST_CASES} most urgent ones.")}</p> });
    view! {
        <DataTable caption="What this person holds" columns=columns>
            {rows}
        </DataTable>
        {cut}
    }
    .into_any()
}
