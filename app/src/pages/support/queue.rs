//! `/support/queue`: the address is the view.

use super::state_tag;
use crate::{
    components::{
        Button, ButtonLink, Card, Chip, Column, DataTable, Day, Days, Due, DueTag, EmptyState,
        FilterChips, Line, Opt, Order, PageHead, Pagination, Select, TextField, ViewTab, ViewTabs,
        Weight,
    },
    pages::also_waiting,
    web::{Page, Visit, page},
};
use casework::{
    queries::{
        also_waiting::Elsewhere,
        queue::{Holder, PAGE, Sort},
    },
    support::{
        commands::NextRequestInput,
        queries::{
            ArticlesToDecide, RequestFilter, RequestRow, RequestView, RequestsQueue,
            articles_to_decide, requests_queue,
        },
    },
};
use leptos::prelude::*;
use workflow::{
    Calendar, Timestamp,
    support::{Category, State},
};

/// `/support/queue`.
#[component]
pub fn RequestsQueuePage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?;
        let filter = RequestFilter::read(|name| visit.query(name));
        let queue = requests_queue(&visit.desk, caller, filter).await?;
        let articles = articles_to_decide(&visit.desk, caller).await?;
        let also = also_waiting::line(&visit, &[Elsewhere::Articles]).await?;
        let body = body(&visit, queue, articles, also);
        Ok(Page::new("Queue of support", body))
    })
}

fn address(filter: &RequestFilter) -> String {
    format!("/support/queue{}", filter.query())
}

fn body(
    visit: &Visit,
    queue: RequestsQueue,
    articles: ArticlesToDecide,
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
            count: Some((*count).into()),
            current: *view == filter.view,
            urgent: *view == RequestView::Overdue,
        })
        .collect();
    let first = (filter.page - 1) * PAGE + 1;
    let last = (first + PAGE - 1).min(queue.total);
    let turn = |page| {
        address(&RequestFilter {
            page,
            ..filter.clone()
        })
    };
    let previous = (filter.page > 1).then(|| turn(filter.page - 1));
    let next = (last < queue.total).then(|| turn(filter.page + 1));
    let list = if queue.rows.is_empty() {
        nothing_here(&filter, &queue.counts).into_any()
    } else {
        let rows = queue
            .rows
            .iter()
            .map(|row| row_of(row, &known.calendar, now))
            .collect_view();
        view! {
            <DataTable caption=filter.view.label() columns=columns(&filter)>{rows}</DataTable>
            <Pagination
                first=first
                last=last
                total=queue.total
                noun="requests"
                previous=previous
                next=next
            />
        }
        .into_any()
    };
    let named = queue.named.map(|(number, subject)| {
        let href = format!("/support/{number}");
        view! { <p><a href=href>{number.to_string()}</a> " · " {subject}</p> }
    });
    let take = queue.may_take.then(|| {
        visit
            .form::<NextRequestInput>()
            .inline()
            .show(|_| view! { <Button>"Get next"</Button> })
    });
    let texts = queue.keeps_texts.then(|| {
        view! {
            <ButtonLink href="/support/texts" weight=Weight::Quiet>
                "Canned texts"
            </ButtonLink>
        }
    });
    view! {
        <PageHead title="Queue of support">
            {texts}
            {take}
        </PageHead>
        {also}
        {waiting_articles(articles)}
        <ViewTabs label="Views of the requests" tabs=tabs />
        {filters(&filter)}
        {chips(&filter)}
        {named}
        {list}
    }
}

fn waiting_articles(articles: ArticlesToDecide) -> Option<impl IntoView> {
    if articles.is_empty() {
        return None;
    }
    let items = articles
        .into_iter()
        .map(|one| {
            let href = format!("/support/articles/{}", one.slug);
            view! {
                <li>
                    <a href=href>{one.title}</a>
                    <span class="soft">" · " {one.written_by} ", " <Day at=one.written /></span>
                </li>
            }
        })
        .collect_view();
    Some(view! {
        <Card title="Articles that wait for a second person" id="articles">
            <ul>{items}</ul>
        </Card>
    })
}

/// The filters; sent by GET, so that the address says what is seen.
fn filters(filter: &RequestFilter) -> impl IntoView + use<> {
    let categories = std::iter::once(Opt::new("", "Anything"))
        .chain(
            Category::ALL
                .iter()
                .map(|one| Opt::new(one.word(), one.label())),
        )
        .collect();
    let states = std::iter::once(Opt::new("", "Any state"))
        .chain(
            State::ALL
                .iter()
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
    let category = filter.category.map_or("", Category::word);
    let state = filter.state.map_or("", State::word);
    let holder = filter.holder.as_ref().map_or("", Holder::word).to_owned();
    let (view, text) = (filter.view.word(), filter.text.clone());
    crate::components::filters("/support/queue", |search| {
        view! {
            <input type="hidden" name="view" value=view />
            <div class="search">
                <TextField of=search.at("q") label="Search" line=Line::Search value=text />
            </div>
            <Select of=search.at("category") label="About" options=categories value=category />
            <Select of=search.at("state") label="State" options=states value=state />
            <Select of=search.at("assignee") label="Assignee" options=holders value=holder />
            <Button weight=Weight::Quiet>"Filter"</Button>
        }
    })
}

fn chips(filter: &RequestFilter) -> impl IntoView + use<> {
    let mut chips = Vec::new();
    let first = RequestFilter {
        page: 1,
        ..filter.clone()
    };
    let mut add = |what: &str, value: String, without: RequestFilter| {
        chips.push(Chip {
            what: what.to_owned(),
            value,
            without: address(&without),
        });
    };
    if !filter.text.is_empty() {
        let without = RequestFilter {
            text: String::new(),
            ..first.clone()
        };
        add("Search", filter.text.clone(), without);
    }
    if let Some(category) = filter.category {
        let without = RequestFilter {
            category: None,
            ..first.clone()
        };
        add("About", category.label().to_owned(), without);
    }
    if let Some(state) = filter.state {
        let without = RequestFilter {
            state: None,
            ..first.clone()
        };
        add("State", state.label().to_owned(), without);
    }
    if let Some(holder) = &filter.holder {
        let value = match holder {
            Holder::Me => "Me".to_owned(),
            Holder::Nobody => "Nobody".to_owned(),
            Holder::Username(name) => name.clone(),
        };
        let without = RequestFilter {
            holder: None,
            ..first.clone()
        };
        add("Assignee", value, without);
    }
    view! { <FilterChips chips=chips clear=address(&RequestFilter::view(filter.view)) /> }
}

fn columns(filter: &RequestFilter) -> Vec<Column> {
    let sorted = |column: Column, sort: Sort, order: Order| {
        let href = address(&RequestFilter {
            sort,
            page: 1,
            ..filter.clone()
        });
        column.sorted(href, (filter.sort == sort).then_some(order))
    };
    vec![
        sorted(
            Column::new("Request").tight(),
            Sort::Number,
            Order::Descending,
        ),
        sorted(
            Column::new("Subject, developer"),
            Sort::Changed,
            Order::Descending,
        ),
        Column::new("About"),
        Column::new("State").tight(),
        sorted(Column::new("Us").figures(), Sort::Waiting, Order::Ascending),
        Column::new("Developer").figures(),
        sorted(Column::new("Due").tight(), Sort::Due, Order::Ascending),
        Column::new("Assignee").tight(),
    ]
}

fn row_of(row: &RequestRow, calendar: &Calendar, now: Timestamp) -> impl IntoView + use<> {
    let href = format!("/support/{}", row.number);
    let due = row
        .due
        .map(|at| view! { <DueTag at=at due=Due::of(at, now, calendar) short=true /> });
    let under = match &row.app {
        Some(app) => format!("{} · {app}", row.developer),
        None => row.developer.clone(),
    };
    let assignee = match &row.assignee {
        Some(name) => name.clone().into_any(),
        None if !row.state.is_open() => "".into_any(),
        None => view! { <span class="soft">"Nobody"</span> }.into_any(),
    };
    view! {
        <tr class="leads">
            <th scope="row">
                <a class="lead" href=href>{row.number.to_string()}</a>
            </th>
            <td class="whole">
                {row.subject.clone()}
                <span class="under">{under}</span>
            </td>
            <td data-label="About">{row.category.label()}</td>
            <td>{state_tag(row.state, false)}</td>
            <td class="end" data-label="Us"><Days spent=row.spent.us /></td>
            <td class="end" data-label="Developer"><Days spent=row.spent.developer /></td>
            <td>{due}</td>
            <td class="nowrap" data-label="Assignee">{assignee}</td>
        </tr>
    }
}

/// Why a view is empty, and what to do.
fn nothing_here(filter: &RequestFilter, counts: &[(RequestView, u64)]) -> impl IntoView + use<> {
    let plain = RequestFilter::view(filter.view);
    let filtered = RequestFilter {
        page: 1,
        sort: plain.sort,
        ..filter.clone()
    } != plain;
    let elsewhere = found_elsewhere(filter, counts);
    let (title, text) = if filtered && elsewhere.is_some() {
        (
            "Nothing in this view fits these filters",
            "Other views have what you look for.",
        )
    } else if filtered {
        (
            "Nothing fits these filters",
            "Take one away, or look at all open requests.",
        )
    } else {
        match filter.view {
            RequestView::MyTurn => (
                "Nothing waits for you",
                "Get next gives you the request that is due first.",
            ),
            RequestView::ToTake => (
                "Everything is taken",
                "New requests appear here when developers ask.",
            ),
            RequestView::Overdue => ("Nothing is overdue", "Every request is within its time."),
            RequestView::WithDeveloper => (
                "No request is with a developer",
                "All open requests are with us.",
            ),
            RequestView::AllOpen => (
                "No request is open",
                "Requests appear here when developers ask.",
            ),
            RequestView::Ended => (
                "No request is over yet",
                "Solved, closed, merged and moved requests stay here.",
            ),
        }
    };
    let all = address(&RequestFilter::view(RequestView::AllOpen));
    view! {
        <EmptyState title=title text=text>
            {elsewhere}
            <a class="button quiet" href=all>"All open requests"</a>
        </EmptyState>
    }
}

/// The other views in which the same filters find something.
fn found_elsewhere(filter: &RequestFilter, counts: &[(RequestView, u64)]) -> Option<AnyView> {
    let links: Vec<_> = counts
        .iter()
        .filter(|(view, count)| *view != filter.view && *count > 0)
        .map(|(view, count)| {
            let href = address(&filter.on(*view));
            let text = format!("{}: {count}", view.label());
            view! { <a class="button quiet" href=href>{text}</a> }
        })
        .collect();
    (!links.is_empty()).then(|| links.into_any())
}
