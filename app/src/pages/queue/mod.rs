//! The queue.

mod bulk;
mod filters;
mod tags;
mod views;

pub use bulk::{BulkChoicePage, BulkRunPage};
pub use tags::TagsPage;
pub use views::SavedViewsPage;

use crate::{
    components::{
        Button, Column, DataTable, Day, Days, Due, DueTag, EmptyState, KeysHelp, LevelTag, Order,
        PageHead, PageLinks, QUEUE_KEYS, StateTag, Tag, ViewTab, ViewTabs, Weight, all_of,
    },
    islands::{LiveQueue, QueueKeys},
    pages::also_waiting,
    steps::cases::get_next::GetNextForm,
    web::{Page, Visit, page},
};
use casework::{
    Caller,
    cases::search::Excerpt,
    commands::{SetDensityInput, WakeInput},
    paging::Count,
    queries::queue::{Filter, Place, Queue, Row, Sort, View, beginning, queue},
    words::day,
};
use leptos::prelude::*;
use workflow::{Calendar, Timestamp, state::Side, turn};

/// `/queue`: the address is the view.
#[component]
pub fn QueuePage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?;
        let filter = match visit.query("view") {
            None if visit.here() == visit.path => beginning(&visit.desk, caller).await?,
            _ => {
                let known = visit.desk.reference.known();
                let view = View::of(&caller.roles, &known.settings);
                Filter::read(view, |name| visit.query(name))
            }
        };
        let queue = queue(&visit.desk, caller, filter).await?;
        let also = also_waiting::line(&visit, &[]).await?;
        Ok(Page::new("Queue", body(&visit, caller, queue, also)))
    })
}

fn address(filter: &Filter) -> String {
    format!("/queue{}", filter.query())
}

fn body(
    visit: &Visit,
    caller: &Caller,
    queue: Queue,
    also: Option<AnyView>,
) -> impl IntoView + use<> {
    let known = visit.desk.reference.known();
    let now = visit.now();
    let filter = queue.filter.clone();
    let tabs = queue
        .counts
        .iter()
        .map(|(view, count)| ViewTab {
            label: view.label().to_owned(),
            href: address(&filter.on(*view)),
            count: (count.number > 0 || !count.more).then_some(*count),
            current: *view == filter.view,
            urgent: *view == View::Overdue,
        })
        .collect();
    let list = if queue.rows.is_empty() {
        nothing_here(&filter).into_any()
    } else {
        let rows = queue
            .rows
            .iter()
            .map(|row| row_of(visit, row, &queue, &known.calendar, now))
            .collect_view();
        view! {
            <div class=if queue.beside.compact { "dense compact" } else { "dense" }>
                <DataTable caption=filter.view.label() columns=columns(&filter, queue.may_work_in_bulk)>{rows}</DataTable>
            </div>
            {queue.may_work_in_bulk.then(|| bulk::bar(&queue))}
            {pages(&queue)}
        }
        .into_any()
    };
    let person = caller.person.to_string();
    let take = queue
        .may_take
        .then(|| view! { <GetNextForm visit=visit.clone() /> });
    let density = density(visit, queue.beside.compact).into_any();
    let tags = queue
        .may_manage_tags
        .then(|| view! { <a class="button link" href="/queue/tags">"Tags"</a> });
    view! {
        <PageHead title="Queue">
            <a class="button link" href="/reviews">"Pending reviews"</a>
            {tags}
            {density}
            {take}
        </PageHead>
        {also}
        <ViewTabs label="Views of the queue" tabs=tabs />
        {views::saved(visit, &queue)}
        {filters::form(&filter, &queue.beside, &known)}
        {filters::chips(&filter, &queue.beside, &known)}
        {unwritten(queue.unwritten)}
        {queue.named.as_ref().map(named)}
        <LiveQueue person=person from=queue.last />
        {list}
        <QueueKeys />
        <KeysHelp keys=QUEUE_KEYS />
    }
}

/// That not everything is found yet.
fn unwritten(cases: Count) -> Option<impl IntoView + use<>> {
    let text = format!(
        "{cases} cases are still being prepared for search: they may not be found by all their texts \
         yet, but are by their number."
    );
    (!cases.is_none()).then(|| view! { <p class="soft">{text}</p> })
}

/// The case whose number was looked for.
fn named(row: &Row) -> impl IntoView + use<> {
    let href = format!("/cases/{}", row.number);
    let organisation = (!row.organisation.is_empty()).then(|| format!(" · {}", row.organisation));
    view! {
        <p class="named-case">
            <a href=href>{row.number.to_string()} " " {row.app.clone()}</a>
            <span class="soft">{organisation}</span>
            <LevelTag level=row.level short=true />
            <StateTag state=row.state grant=row.grant />
        </p>
    }
}

/// Where in its list the page lies, and the ways on.
fn pages(queue: &Queue) -> impl IntoView + use<> {
    let (filter, total) = (&queue.filter, queue.total());
    let is_whole = queue.previous.is_none() && queue.next.is_none();
    let text = if is_whole {
        all_of(total, "cases")
    } else {
        format!("{} of {total} cases", queue.rows.len())
    };
    let to = |place, beside: &Option<Filter>| beside.as_ref().map(|_| address(&filter.at(place)));
    let links = vec![
        ("first", "First", to(Place::First, &queue.previous)),
        ("prev", "Previous", queue.previous.as_ref().map(address)),
        ("next", "Next", queue.next.as_ref().map(address)),
        ("last", "Last", to(Place::Last, &queue.next)),
    ];
    view! { <PageLinks text=text links=links /> }
}

fn columns(filter: &Filter, marks: bool) -> Vec<Column> {
    let order = if filter.descends() {
        Order::Descending
    } else {
        Order::Ascending
    };
    let sorted = |column: Column, sort: Sort| {
        let href = address(&filter.sorted(sort));
        column.sorted(href, (filter.sort == sort).then_some(order))
    };
    let mut columns = vec![
        sorted(Column::new("Case").tight(), Sort::Number),
        Column::new("App, organisation"),
        Column::new("Level").tight(),
        Column::new("State").tight(),
        Column::new("Us").figures(),
        Column::new("Developer").figures(),
        sorted(Column::new("Due").tight(), Sort::Due),
        Column::new("Assignee").tight(),
    ];
    if let Some(label) = by_date(filter.sort) {
        columns.insert(6, sorted(Column::new(label).tight(), filter.sort));
    }
    if marks {
        columns.insert(0, Column::new("Mark").tight());
    }
    columns
}

/// The head of the date that a queue is sorted by, where it is one that is not shown anyway.
const fn by_date(sort: Sort) -> Option<&'static str> {
    match sort {
        Sort::Waiting => Some("Handed in"),
        Sort::Changed => Some("Changed"),
        Sort::Due | Sort::Number => None,
    }
}

fn row_of(
    visit: &Visit,
    row: &Row,
    queue: &Queue,
    calendar: &Calendar,
    now: Timestamp,
) -> impl IntoView + use<> {
    let filter = &queue.filter;
    let href = format!("/cases/{}", row.number);
    let due = row
        .due
        .map(|at| view! { <DueTag at=at due=Due::of(at, now, calendar) short=true /> });
    let date = by_date(filter.sort).map(|label| {
        let at = match filter.sort {
            Sort::Waiting => row.submitted,
            _ => Some(row.changed),
        };
        view! { <td data-label=label>{at.map(|at| view! { <Day at=at /> })}</td> }
    });
    // In one line for each case the second is for news, and for what the view is about.
    let is_told = !queue.beside.compact || row.news.is_some() || filter.view == View::Snoozed;
    let note = match is_told {
        true => note(row, filter.view),
        false => String::new(),
    };
    let tags = row
        .tags
        .iter()
        .map(|tag| view! { " " <Tag text=tag.clone() /> })
        .collect_view();
    let mark = queue.may_work_in_bulk.then(|| bulk::mark(row));
    let wake = (filter.view == View::Snoozed).then(|| wake(visit, row));
    let excerpt = row.excerpt.as_ref().map(excerpt_of);
    let organisation = (!row.organisation.is_empty())
        .then(|| view! { " · " <span class="soft">{row.organisation.clone()}</span> });
    let assignee = match &row.assignee {
        Some(name) => name.clone().into_any(),
        None if row.side == Side::Nobody => "".into_any(),
        None => view! { <span class="soft">"Nobody"</span> }.into_any(),
    };
    view! {
        <tr class="leads">
            {mark}
            <th scope="row">
                <a class="lead" href=href>{row.number.to_string()}</a>
            </th>
            <td class="whole">
                {row.app.clone()} {organisation} {tags}
                {(!note.is_empty())
                    .then(|| view! { <span class="under" title=note.clone()>{note.clone()}</span> })}
                {excerpt}
                {wake}
            </td>
            <td><LevelTag level=row.level short=true /></td>
            <td><StateTag state=row.state grant=row.grant /></td>
            <td class="end" data-label="Us"><Days spent=row.spent.us /></td>
            <td class="end" data-label="Developer"><Days spent=row.spent.developer /></td>
            {date}
            <td class="due">{due}</td>
            <td class="nowrap" data-label="Assignee">{assignee}</td>
        </tr>
    }
}

/// The button that ends the reader's snooze.
fn wake(visit: &Visit, row: &Row) -> impl IntoView + use<> {
    visit
        .form::<WakeInput>()
        .id(format!("wake-{}", row.number))
        .inline()
        .label(format!("Wake {}", row.number))
        .hidden(WakeInput::number(), &row.number)
        .show(|_| view! { <Button weight=Weight::Link>"Wake"</Button> })
}

/// The button that changes how close the rows stand.
fn density(visit: &Visit, compact: bool) -> impl IntoView + use<> {
    let words = if compact {
        "Comfortable rows"
    } else {
        "Compact rows"
    };
    visit
        .form::<SetDensityInput>()
        .inline()
        .hidden(SetDensityInput::compact(), &!compact)
        .show(|_| view! { <Button weight=Weight::Link>{words}</Button> })
}

/// The line of a text in which a search found the case.
fn excerpt_of(excerpt: &Excerpt) -> impl IntoView + use<> {
    let parts = excerpt
        .parts
        .iter()
        .map(|part| {
            let text = part.text.clone();
            match part.is_found {
                true => view! { <mark>{text}</mark> }.into_any(),
                false => text.into_any(),
            }
        })
        .collect_view();
    view! {
        <span class="under found">
            <b>{excerpt.kind.label()} ":"</b>
            " "
            {parts}
        </span>
    }
}

/// The second line of a row: what is out of the ordinary, and who works the tracks.
fn note(row: &Row, view: View) -> String {
    let count = |number: u32, one: &str, many: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{number} {many}")),
    };
    let track = |open: bool, name: &str, holder: &Option<String>| {
        open.then(|| format!("{name}: {}", holder.as_deref().unwrap_or("nobody")))
    };
    let why = row.mine.filter(|_| view == View::MyTurn).map(|step| {
        let why = turn::why(step);
        let (first, rest) = why.split_at(1);
        first.to_uppercase() + rest
    });
    let snoozed = row.snooze.as_ref().filter(|_| view == View::Snoozed);
    let snoozed = snoozed.map(|snooze| format!("Until {}: {}", day(snooze.until), snooze.reason));
    let parts = [
        snoozed,
        why,
        row.news.map(|news| news.label().to_owned()),
        row.decline_proposed.then(|| "Decline proposed".to_owned()),
        (row.round > 1).then(|| format!("Round {}", row.round)),
        count(row.open_blockers, "blocker", "blockers"),
        match row.open_blockers {
            0 => count(row.open_findings, "finding stands", "findings stand"),
            blockers => count(
                row.open_findings.saturating_sub(blockers),
                "other finding",
                "other findings",
            ),
        },
        count(row.open_questions, "open question", "open questions"),
        track(row.commercial_open, "Commercial", &row.commercial),
        track(row.technical_open, "Technical", &row.technical),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Why a view is empty, and what to do.
fn nothing_here(filter: &Filter) -> impl IntoView + use<> {
    let plain = Filter::view(filter.view);
    let filtered = Filter {
        place: Place::First,
        sort: plain.sort,
        reversed: false,
        ..filter.clone()
    } != plain;
    let (title, text) = if filtered {
        (
            "Nothing fits these filters",
            "Take one away, or look at all open cases.",
        )
    } else {
        match filter.view {
            View::MyTurn => (
                "Nothing waits for you",
                "Get next assigns you the case that has waited longest and fits your competence.",
            ),
            View::NeedsReviewer | View::CommercialToTake | View::TechnicalToTake => (
                "Everything is taken",
                "New cases appear here when they are submitted or complete.",
            ),
            View::AnswersArrived => (
                "No new answers",
                "Cases appear here when a developer answers, resubmits or accepts the agreement.",
            ),
            View::Decisions => (
                "No decision waits",
                "Cases appear here when all tracks have passed and the agreement is accepted.",
            ),
            View::Appeals => (
                "No appeal waits",
                "Cases appear here when a developer appeals, until they are reopened or answered.",
            ),
            View::FindingsDated => (
                "No finding with a date is left",
                "Approved cases stay here until what was let through with a date is corrected.",
            ),
            View::Snoozed => (
                "Nothing is snoozed",
                "A case that you snooze stays here until its day, or until anything happens on it.",
            ),
            View::Overdue => ("Nothing is overdue", "Every case is within its time."),
            View::WithDeveloper => ("No case is with a developer", "All open cases are with us."),
            View::AllOpen => (
                "No case is open",
                "Cases appear here when they are submitted.",
            ),
            View::Ended => (
                "No case has ended yet",
                "Decided, withdrawn and lapsed cases stay here.",
            ),
        }
    };
    let all = address(&Filter::view(View::AllOpen));
    view! {
        <EmptyState title=title text=text>
            <a class="button quiet" href=all>"All open cases"</a>
        </EmptyState>
    }
}
