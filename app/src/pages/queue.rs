//! The queue.

use crate::{
    components::{
        Button, Chip, Column, DataTable, Day, Due, DueTag, EmptyState, FilterChips, LevelTag, Line,
        Opt, Order, PageHead, PageLinks, Select, StateTag, TextField, ViewTab, ViewTabs, Weight,
        all_of, days_text,
    },
    islands::{LiveQueue, QueueKeys},
    pages::also_waiting,
    steps::cases::get_next::GetNextForm,
    web::{Page, Visit, page},
};
use casework::{
    Caller,
    cases::search::Excerpt,
    paging::Count,
    queries::queue::{Filter, Holder, Place, Queue, Row, Sort, View, queue},
};
use leptos::prelude::*;
use workflow::{
    Calendar, Timestamp,
    state::{AccessLevel, Side, StateKind},
    turn,
};

/// `/queue`: the address is the view.
#[component]
pub fn QueuePage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?;
        let filter = Filter::read(View::of(&caller.roles), |name| visit.query(name));
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
            .map(|row| row_of(row, &filter, &known.calendar, now))
            .collect_view();
        view! {
            <div class="dense">
                <DataTable caption=filter.view.label() columns=columns(&filter)>{rows}</DataTable>
            </div>
            {pages(&queue)}
        }
        .into_any()
    };
    let person = caller.person.to_string();
    let take = queue
        .may_take
        .then(|| view! { <GetNextForm visit=visit.clone() /> });
    view! {
        <PageHead title="Queue">
            {take}
        </PageHead>
        {also}
        <ViewTabs label="Views of the queue" tabs=tabs />
        {filters(&filter)}
        {chips(&filter)}
        {unwritten(queue.unwritten)}
        {queue.named.as_ref().map(named)}
        <LiveQueue person=person from=queue.last />
        {list}
        <QueueKeys />
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
        <p class="named">
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

/// The filters; sent by GET, so that the address says what is seen.
fn filters(filter: &Filter) -> impl IntoView + use<> {
    let levels = vec![
        Opt::new("", "Any level"),
        Opt::new(AccessLevel::Limited.word(), AccessLevel::Limited.label()),
        Opt::new(AccessLevel::Full.word(), AccessLevel::Full.label()),
    ];
    let states = std::iter::once(Opt::new("", "Any state"))
        .chain(
            StateKind::ALL
                .iter()
                .filter(|state| **state != StateKind::Draft)
                .map(|state| Opt::new(state.word(), state.label())),
        )
        .collect();
    let mut holders = vec![
        Opt::new("", "Anybody"),
        Opt::new("@me", "Me"),
        Opt::new("@nobody", "Nobody"),
    ];
    if let Some(Holder::Username(name)) = &filter.holder {
        holders.push(Opt::new(name, name));
    }
    let level = filter.level.map_or("", AccessLevel::word);
    let state = filter.state.map_or("", StateKind::word);
    let holder = filter.holder.as_ref().map_or("", Holder::word).to_owned();
    let sorts = Sort::ALL
        .iter()
        .flat_map(|sort| {
            let [usual, reversed] = order_words(*sort);
            let word = sort.word();
            [
                Opt::new(word, usual),
                Opt::new(format!("-{word}"), reversed),
            ]
        })
        .collect();
    let sort = filter.sort_word();
    let (view, text) = (filter.view.word(), filter.text.clone());
    crate::components::filters("/queue", |search| {
        view! {
            <input type="hidden" name="view" value=view />
            <div class="search">
                <TextField of=search.at("q") label="Search" line=Line::Search value=text />
            </div>
            <Select of=search.at("level") label="Level" options=levels value=level />
            <Select of=search.at("state") label="State" options=states value=state />
            <Select of=search.at("assignee") label="Assignee" options=holders value=holder />
            <Select of=search.at("sort") label="Sort" options=sorts value=sort />
            <Button weight=Weight::Quiet>"Filter"</Button>
        }
    })
}

fn chips(filter: &Filter) -> impl IntoView + use<> {
    let mut chips = Vec::new();
    let first = filter.at(Place::First);
    let mut add = |what: &str, value: String, without: Filter| {
        chips.push(Chip {
            what: what.to_owned(),
            value,
            without: address(&without),
        });
    };
    if !filter.text.is_empty() {
        add(
            "Search",
            filter.text.clone(),
            Filter {
                text: String::new(),
                ..first.clone()
            },
        );
    }
    if let Some(level) = filter.level {
        add(
            "Level",
            level.label().to_owned(),
            Filter {
                level: None,
                ..first.clone()
            },
        );
    }
    if let Some(state) = filter.state {
        add(
            "State",
            state.label().to_owned(),
            Filter {
                state: None,
                ..first.clone()
            },
        );
    }
    if let Some(holder) = &filter.holder {
        let value = match holder {
            Holder::Me => "Me".to_owned(),
            Holder::Nobody => "Nobody".to_owned(),
            Holder::Username(name) => name.clone(),
        };
        add(
            "Assignee",
            value,
            Filter {
                holder: None,
                ..first.clone()
            },
        );
    }
    view! { <FilterChips chips=chips clear=address(&Filter::view(filter.view)) /> }
}

fn columns(filter: &Filter) -> Vec<Column> {
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

/// An order in words, the usual way round and reversed.
const fn order_words(sort: Sort) -> [&'static str; 2] {
    match sort {
        Sort::Due => ["Due first", "Due last"],
        Sort::Waiting => ["Handed in first", "Handed in last"],
        Sort::Changed => ["Changed last", "Changed first"],
        Sort::Number => ["Newest number", "Oldest number"],
    }
}

fn row_of(
    row: &Row,
    filter: &Filter,
    calendar: &Calendar,
    now: Timestamp,
) -> impl IntoView + use<> {
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
    let note = note(row, filter.view);
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
            <th scope="row">
                <a class="lead" href=href>{row.number.to_string()}</a>
            </th>
            <td class="whole">
                {row.app.clone()} {organisation}
                {(!note.is_empty())
                    .then(|| view! { <span class="under" title=note.clone()>{note.clone()}</span> })}
                {excerpt}
            </td>
            <td><LevelTag level=row.level short=true /></td>
            <td><StateTag state=row.state grant=row.grant /></td>
            <td class="end" data-label="Us">{days_text(row.spent.us)}</td>
            <td class="end" data-label="Developer">{days_text(row.spent.developer)}</td>
            {date}
            <td class="due">{due}</td>
            <td class="nowrap" data-label="Assignee">{assignee}</td>
        </tr>
    }
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
    let parts = [
        why,
        row.news.map(|news| news.label().to_owned()),
        row.decline_proposed.then(|| "Decline proposed".to_owned()),
        (row.round > 1).then(|| format!("Round {}", row.round)),
        count(row.open_blockers, "blocker", "blockers"),
        match row.open_blockers {
            0 => count(row.open_findings, "open finding", "open findings"),
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
