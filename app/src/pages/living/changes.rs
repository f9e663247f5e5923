//! The changes of pages that somebody has to look at.

use crate::{
    components::{
        Column, DataTable, Day, EmptyState, Hue, PageHead, Pagination, Person, Tag, ViewTab,
        ViewTabs,
    },
    web::{Page, page},
};
use casework::{
    living::ChangeState,
    paging,
    queries::{CHANGES_AT_ONCE, ChangeLine, Changes, changes},
};
use leptos::prelude::*;

/// `/changes`; `?view=closed` for those that were looked at.
#[component]
pub fn ChangesPage() -> impl IntoView {
    page(|visit| async move {
        let closed = visit.query("view") == Some("closed");
        let number = paging::asked(visit.query("page").unwrap_or_default());
        let list = changes(&visit.desk, visit.caller()?, closed, number).await?;
        Ok(Page::new("Changed pages", body(&list)))
    })
}

/// The hue of where a change stands.
pub(super) const fn hue(state: ChangeState) -> Hue {
    match state {
        ChangeState::Open => Hue::Us,
        ChangeState::Cleared => Hue::Approved,
        ChangeState::Raised => Hue::Developer,
        ChangeState::Undone => Hue::Waiting,
    }
}

fn address(closed: bool, page: u64) -> String {
    let view = if closed { "closed" } else { "open" };
    format!("/changes?view={view}&page={page}")
}

fn body(list: &Changes) -> impl IntoView + use<> {
    let tab = |label: &str, closed| ViewTab {
        label: label.to_owned(),
        href: address(closed, 1),
        count: None,
        current: list.closed == closed,
        urgent: false,
    };
    let tabs = vec![tab("To be looked at", false), tab("Looked at", true)];
    let lines = if list.lines.is_empty() {
        let title = if list.closed {
            "No change has been looked at yet"
        } else {
            "Nothing to look at"
        };
        view! {
            <EmptyState
                title=title
                text="The pages of approved apps are read again by themselves; what says something else than was approved comes here."
            />
        }
        .into_any()
    } else {
        table(list).into_any()
    };
    view! {
        <PageHead
            title="Changed pages"
            lead="Privacy policies, terms and store pages of approved apps that say something else by now"
        />
        <ViewTabs label="Views of the changes" tabs=tabs />
        {lines}
    }
}

fn table(list: &Changes) -> impl IntoView + use<> {
    let columns = vec![
        Column::new("Page"),
        Column::new("App"),
        Column::new("Case"),
        Column::new("Whose"),
        Column::new("Since"),
        Column::new("State"),
    ];
    let first = (list.page - 1) * CHANGES_AT_ONCE + 1;
    let last = (first + CHANGES_AT_ONCE - 1).min(list.total);
    let previous = (list.page > 1).then(|| address(list.closed, list.page - 1));
    let next = (last < list.total).then(|| address(list.closed, list.page + 1));
    let total = list.total;
    let rows = list.lines.iter().map(row).collect_view();
    view! {
        <DataTable caption="Changed pages" columns=columns>
            {rows}
        </DataTable>
        <Pagination first=first last=last total=total noun="changes" previous=previous next=next />
    }
}

fn row(line: &ChangeLine) -> impl IntoView + use<> {
    let href = format!("/changes/{}", line.id);
    let case = format!("/cases/{}", line.case);
    let whose = match (&line.whose, line.mine) {
        (Some(name), true) => view! { <Person name=name.clone() role="you" /> }.into_any(),
        (Some(name), false) => view! { <Person name=name.clone() /> }.into_any(),
        (None, _) => view! { <span class="soft">"Any commercial reviewer"</span> }.into_any(),
    };
    let at = line.found_at;
    let state = line.state.label(line.is_answered);
    view! {
        <tr>
            <th scope="row">
                <a href=href>{line.page} " of " {line.app.clone()}</a>
            </th>
            <td data-label="App">{line.app.clone()}</td>
            <td data-label="Case">
                <a href=case>{line.case.to_string()}</a>
            </td>
            <td data-label="Whose">{whose}</td>
            <td data-label="Since">
                <Day at=at />
            </td>
            <td data-label="State">
                <Tag hue=hue(line.state) text=state />
            </td>
        </tr>
    }
}
