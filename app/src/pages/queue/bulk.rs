//! One step for many cases: the marks in the queue, the page where the step is chosen, and the page of
//! a run, which says first what would come of it, then how far it is, then what came of each case.

use crate::{
    components::{
        Button, ButtonLink, Card, Column, DataTable, Day, EmptyState, Fact, Facts, Notice,
        PageHead, PageLinks, Tone, ViewTab, ViewTabs, Weight,
    },
    islands::ShowAgain,
    steps::bulk::{AssignAllForm, RemindAllForm, TagAllForm, Which, run_path},
    web::{Page, Visit, page},
};
use casework::{
    cases::bulk::{BulkKind, BulkOutcome, MOST_IN_RUN, RunState},
    commands::{ConfirmBulkInput, RepeatBulkInput, StopBulkInput},
    paging::Count,
    queries::{
        BulkCase, BulkChoice, BulkRun, BulkShown, ListedRun, bulk_choice, bulk_run, bulk_runs,
        queue::{Filter, Place, Queue, Row, View},
    },
};
use leptos::prelude::*;
use uuid::Uuid;
use workflow::{CaseNumber, state::Seat};

/// The form in the queue to which the marks belong.
const FORM: &str = "bulk";

/// What a mark says.
const MARKED: &str = "marked";

/// The box that marks a row of the queue.
pub(super) fn mark(row: &Row) -> impl IntoView + use<> {
    let number = row.number.to_string();
    let label = format!("Mark {number}");
    view! {
        <td class="tight">
            <label class="marks">
                <input
                    class="mark"
                    type="checkbox"
                    form=FORM
                    name=number
                    value=MARKED
                    aria-label=label
                />
            </label>
        </td>
    }
}

/// Leads on to what can be done with the marked cases, or with all of the list.
pub(super) fn bar(queue: &Queue) -> impl IntoView + use<> {
    let list = queue.filter.at(Place::First).query();
    let all = match queue.total() {
        Count {
            number: 1,
            more: false,
        } => "Do with this one".to_owned(),
        total => format!("Do with all {total} of these"),
    };
    view! {
        <form id=FORM class="row" method="get" action="/queue/bulk">
            <input type="hidden" name="list" value=list />
            <Button weight=Weight::Quiet>"Do with the marked"</Button>
            <button class="button quiet" type="submit" name="all" value="yes">
                {all}
            </button>
            <a class="button link" href="/queue/bulk">
                "Begun before"
            </a>
        </form>
    }
}

/// `/queue/bulk`: what is to be done with which cases.
#[component]
pub fn BulkChoicePage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?;
        let list = visit.query("list").unwrap_or_default();
        let view = View::of(&caller.roles, &visit.desk.reference.known().settings);
        let list = Filter::parse(view, list);
        let is_all = visit.query("all").is_some();
        let marked: Vec<CaseNumber> = visit
            .query
            .iter()
            .filter(|(_, value)| !is_all && *value == MARKED)
            .filter_map(|(number, _)| number.parse().ok())
            .collect();
        let title = "Do with many cases";
        let crumbs = vec![("Queue".to_owned(), super::address(&list))];
        let is_none = !is_all && marked.is_empty();
        let choice = bulk_choice(&visit.desk, caller, &list, marked.len()).await?;
        let runs = runs(bulk_runs(&visit.desk, caller).await?);
        if is_none || choice.cases == 0 {
            return Ok(Page::new(
                title,
                view! {
                    <PageHead title=title crumbs=crumbs />
                    <EmptyState
                        title="No case is marked"
                        text="Mark cases in the list, or choose all of them."
                    />
                    {runs}
                },
            ));
        }
        let lead = match (is_all, choice.cases) {
            (true, 1) => format!(
                "The one case of “{}”, as it is filtered.",
                list.view.label()
            ),
            (true, many) => format!(
                "All {many} cases of “{}”, as it is filtered.",
                list.view.label()
            ),
            (false, 1) => "The one case that you marked.".to_owned(),
            (false, many) => format!("The {many} cases that you marked."),
        };
        let which = Which { list, marked };
        Ok(Page::new(
            title,
            view! {
                <PageHead title=title lead=lead crumbs=crumbs />
                {choice.is_cut.then(cut)}
                <p>
                    "First you see what would come of each case. Nothing is done before you confirm it."
                </p>
                {forms(&visit, which, choice)}
                {runs}
            },
        ))
    })
}

/// What was begun before, the newest first.
fn runs(runs: Vec<ListedRun>) -> Option<impl IntoView> {
    let rows: Vec<_> = runs
        .into_iter()
        .map(|run| {
            view! {
                <tr>
                    <th scope="row">
                        <a href=run_path(run.id)>{run.kind.label()}</a>
                    </th>
                    <td data-label="State" class="nowrap">
                        {run.state.label()}
                    </td>
                    <td data-label="By">{run.maker}</td>
                    <td data-label="Begun">
                        <Day at=run.made />
                    </td>
                </tr>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        let columns = vec![
            Column::new("What"),
            Column::new("State").tight(),
            Column::new("By"),
            Column::new("Begun").tight(),
        ];
        view! {
            <Card title="Begun before" id="runs">
                <DataTable caption="What was begun before, the newest first" columns=columns>
                    {rows}
                </DataTable>
            </Card>
        }
    })
}

fn cut() -> impl IntoView {
    let most = Count::exact(MOST_IN_RUN as u64).to_string();
    let text = format!(
        "The list has more than {most} cases. These are its first {most}, as many as one run takes; do the rest in another."
    );
    view! { <Notice tone=Tone::Attention>{text}</Notice> }
}

fn forms(visit: &Visit, which: Which, choice: BulkChoice) -> impl IntoView + use<> {
    let (now, workers, tags) = (visit.now(), choice.workers, choice.tags);
    let visit = || visit.clone();
    let assign = (!workers.is_empty()).then(|| {
        let form =
            view! { <AssignAllForm visit=visit() which=which.clone() workers=workers now=now /> };
        view! {
            <Card title="Assign" id="assign">
                {form}
            </Card>
        }
    });
    let remind = choice.may_remind.then(|| {
        let form = view! { <RemindAllForm visit=visit() which=which.clone() /> };
        view! {
            <Card title="Remind the developer" id="remind">
                <p>"The members of each app whose turn it is are written to."</p>
                {form}
            </Card>
        }
    });
    let tag = (!tags.is_empty()).then(|| {
        let form = view! { <TagAllForm visit=visit() which=which.clone() tags=tags /> };
        view! {
            <Card title="Put a tag on" id="tag">
                {form}
            </Card>
        }
    });
    view! { {assign} {remind} {tag} }
}

/// `/queue/bulk/…`: a run.
#[component]
pub fn BulkRunPage() -> impl IntoView {
    page(|visit| async move {
        let id: Uuid = visit.at("id")?;
        let shown = match visit.query("show") {
            Some("done") => BulkShown::Done,
            Some("not-done") => BulkShown::NotDone,
            _ => BulkShown::All,
        };
        let after = visit.query("after").and_then(|text| text.parse().ok());
        let after = after.unwrap_or(-1);
        let run = bulk_run(&visit.desk, visit.caller()?, id, shown, after).await?;
        let title = title(&run);
        let crumbs = vec![("Queue".to_owned(), run.list.clone())];
        let lead = match run.is_own {
            true => String::new(),
            false => format!("Begun by {}.", run.maker),
        };
        Ok(Page::new(
            title.clone(),
            view! {
                <PageHead title=title lead=lead crumbs=crumbs />
                {run.is_cut.then(cut)}
                {standing(&visit, &run)}
                {sums(&run)}
                {cases(&run, shown, after)}
            },
        ))
    })
}

fn title(run: &BulkRun) -> String {
    let cases = cases_text(run.total());
    match run.kind {
        BulkKind::Assign => {
            let to = run.to.as_deref().unwrap_or("somebody");
            format!("Assign {cases} to {to}")
        }
        BulkKind::Remind => format!("Remind the developers of {cases}"),
        BulkKind::Tag => {
            let tag = run.tag.as_deref().unwrap_or_default();
            format!("Put “{tag}” on {cases}")
        }
    }
}

fn cases_text(cases: u64) -> String {
    match cases {
        1 => "1 case".to_owned(),
        cases => format!("{} cases", Count::exact(cases)),
    }
}

/// How far it is, and what can be done now.
fn standing(visit: &Visit, run: &BulkRun) -> AnyView {
    let of = |outcome| run.count(outcome);
    let (done, waiting) = (of(BulkOutcome::Done), of(BulkOutcome::Ready));
    match run.state {
        RunState::Looking => {
            let seen = Count::exact(run.total() - of(BulkOutcome::New));
            let text = format!(
                "Looking at each case: {seen} of {}.",
                Count::exact(run.total())
            );
            going_on(run, text, None)
        }
        RunState::Ready if waiting == 0 => view! {
            <Notice tone=Tone::Attention>"Nothing can be done with any of them."</Notice>
        }
        .into_any(),
        RunState::Ready => confirm(visit, run, waiting),
        RunState::Running => {
            let settled = Count::exact(done + of(BulkOutcome::Refused));
            let all = Count::exact(done + of(BulkOutcome::Refused) + waiting);
            let text = format!("{settled} of {all} so far. It goes on when you leave this page.");
            let stop = run.is_own.then(|| {
                visit
                    .form::<StopBulkInput>()
                    .hidden(StopBulkInput::run(), &run.id)
                    .show(|_| view! { <Button weight=Weight::Quiet>"Stop"</Button> })
            });
            going_on(run, text, stop)
        }
        RunState::Ended => ended(visit, run, done),
    }
}

fn going_on(run: &BulkRun, text: String, stop: Option<AnyView>) -> AnyView {
    let href = run_path(run.id);
    view! {
        <Notice>
            <p>{text}</p>
            <a href=href>"Look again"</a>
            <ShowAgain />
        </Notice>
        {stop}
    }
    .into_any()
}

/// The button that begins it, for its maker.
fn confirm(visit: &Visit, run: &BulkRun, waiting: u64) -> AnyView {
    let text = "This is what would come of it. Nothing is done yet.";
    if !run.is_own {
        return view! { <Notice>{text}</Notice> }.into_any();
    }
    let cases = cases_text(waiting);
    let words = match run.kind {
        BulkKind::Assign => format!("Assign {cases}"),
        BulkKind::Remind => format!("Remind the developers of {cases}"),
        BulkKind::Tag => format!("Tag {cases}"),
    };
    let list = run.list.clone();
    let form = visit
        .form::<ConfirmBulkInput>()
        .hidden(ConfirmBulkInput::run(), &run.id)
        .show(|_| {
            view! {
                <div class="row">
                    <Button>{words}</Button>
                    <ButtonLink href=list weight=Weight::Quiet>"Leave it"</ButtonLink>
                </div>
            }
        });
    view! {
        <Notice>{text}</Notice>
        {form}
    }
    .into_any()
}

fn ended(visit: &Visit, run: &BulkRun, done: u64) -> AnyView {
    let not_done = run.not_done();
    let (tone, text) = match not_done {
        0 => (Tone::Done, format!("Done for all {}.", cases_text(done))),
        some => (
            Tone::Attention,
            format!(
                "Done for {}, not for {}.",
                cases_text(done),
                Count::exact(some)
            ),
        ),
    };
    let again = (not_done > 0 && run.is_own).then(|| {
        let words = match not_done {
            1 => "Try the one again".to_owned(),
            many => format!("Try those {} again", Count::exact(many)),
        };
        visit
            .form::<RepeatBulkInput>()
            .hidden(RepeatBulkInput::run(), &run.id)
            .show(|_| view! { <Button weight=Weight::Quiet>{words}</Button> })
    });
    view! {
        <Notice tone=tone>{text}</Notice>
        {again}
    }
    .into_any()
}

/// How many cases have each outcome, and why some are not done.
fn sums(run: &BulkRun) -> impl IntoView + use<> {
    let facts = BulkOutcome::ALL
        .iter()
        .filter(|outcome| run.count(**outcome) > 0)
        .map(|outcome| {
            let count = Count::exact(run.count(*outcome)).to_string();
            view! { <Fact name=outcome.label()>{count}</Fact> }
        })
        .collect_view();
    let note = run.note.clone();
    let note = (!note.is_empty()).then(|| view! { <Fact name="Hand-over note">{note}</Fact> });
    let beyond = (run.kind == BulkKind::Assign && run.beyond)
        .then(|| view! { <Fact name="Capacity">"Also beyond what this person can hold"</Fact> });
    let reasons = run
        .reasons
        .iter()
        .map(|(words, count)| {
            let count = cases_text(*count);
            view! { <li>{count} ": " {words.clone()}</li> }
        })
        .collect_view();
    let reasons = (!run.reasons.is_empty()).then(|| {
        view! {
            <h3>"Why not"</h3>
            <ul class="plain">{reasons}</ul>
        }
    });
    view! {
        <Card title="In short" id="sums">
            <Facts>{facts} {note} {beyond}</Facts>
            {reasons}
        </Card>
    }
}

/// Each case, the refused ones alone where they are asked for.
fn cases(run: &BulkRun, shown: BulkShown, after: i32) -> impl IntoView + use<> {
    let path = run_path(run.id);
    let total = Count::exact(run.total());
    let not_done = Count::exact(run.not_done());
    let well = run.count(BulkOutcome::Ready) + run.count(BulkOutcome::Done);
    let tab = |label: &str, query: &str, count: Count, of: BulkShown| ViewTab {
        label: label.to_owned(),
        href: format!("{path}{query}"),
        count: Some(count),
        current: shown == of,
        urgent: false,
    };
    let (yes, no) = match run.state {
        RunState::Looking | RunState::Ready => ("Will be done", "Cannot be done"),
        RunState::Running => ("Done or waiting", "Not done"),
        RunState::Ended => ("Done", "Not done"),
    };
    let tabs = vec![
        tab("All", "", total, BulkShown::All),
        tab(yes, "?show=done", Count::exact(well), BulkShown::Done),
        tab(no, "?show=not-done", not_done, BulkShown::NotDone),
    ];
    let has_seats = run.kind == BulkKind::Assign;
    let mut columns = vec![
        Column::new("Case").tight(),
        Column::new("App"),
        Column::new("Outcome").tight(),
        Column::new("Why"),
    ];
    if has_seats {
        columns.insert(2, Column::new("As").tight());
    }
    let rows = run
        .cases
        .iter()
        .map(|case| line(case, has_seats))
        .collect_view();
    let show = match shown {
        BulkShown::All => "",
        BulkShown::Done => "&show=done",
        BulkShown::NotDone => "&show=not-done",
    };
    let to = |after: i32| format!("{path}?after={after}{show}");
    let links = vec![
        ("first", "First", (after >= 0).then(|| to(-1))),
        ("next", "Next", run.next.map(to)),
    ];
    let text = match run.cases.len() {
        0 => "None of these".to_owned(),
        many => format!("{many} of {total} cases"),
    };
    view! {
        <ViewTabs label="Cases of this run" tabs=tabs />
        <DataTable caption="What comes of each case" columns=columns>
            {rows}
        </DataTable>
        <PageLinks text=text links=links />
    }
}

fn line(case: &BulkCase, has_seats: bool) -> impl IntoView + use<> {
    let number = case.case.to_string();
    let href = format!("/cases/{number}");
    let seat = has_seats.then(|| view! { <td data-label="As">{case.seat.map(Seat::label)}</td> });
    view! {
        <tr>
            <th scope="row">
                <a href=href>{number}</a>
            </th>
            <td data-label="App">{case.app.clone()}</td>
            {seat}
            <td data-label="Outcome" class="nowrap">{case.outcome.label()}</td>
            <td data-label="Why">{case.words.clone()}</td>
        </tr>
    }
}
