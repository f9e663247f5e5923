//! `/inbox`: what the reader was told; and `/inbox/{id}`, which leads to what one entry is about.

use crate::{
    components::{
        Button, Column, DataTable, EmptyState, Hue, PageHead, PageLinks, Tag, Time, Weight, all_of,
    },
    web::{Page, Visit, page},
};
use casework::{
    commands::{MarkAllReadInput, MarkReadInput, open_entry},
    queries::{Inbox, InboxEntry, InboxPlace, inbox},
};
use leptos::prelude::*;

/// `/inbox`, `?after=` and `?before=` an entry.
#[component]
pub fn InboxPage() -> impl IntoView {
    page(|visit| async move {
        let parameter = |name| visit.query(name).unwrap_or_default();
        let place = InboxPlace::read(parameter("after"), parameter("before"));
        let inbox = inbox(&visit.desk, visit.caller()?, place).await?;
        Ok(Page::new("Inbox", screen(&visit, inbox)))
    })
}

/// `/inbox/{id}`: the page of an entry, which is read with that.
#[component]
pub fn InboxEntryPage() -> impl IntoView {
    page(|visit| async move {
        let id = visit.at("id")?;
        let place = open_entry(&visit.desk, visit.caller()?, id).await?;
        Ok(Page::elsewhere(place))
    })
}

fn address(place: InboxPlace) -> String {
    match place.parameter() {
        Some((name, value)) => format!("/inbox?{name}={value}"),
        None => "/inbox".to_owned(),
    }
}

fn screen(visit: &Visit, inbox: Inbox) -> impl IntoView + use<> {
    let lead = match (inbox.newest, inbox.unread.is_none()) {
        (None, _) => String::new(),
        (Some(_), true) => "All of it is read.".to_owned(),
        (Some(_), false) => format!("{} unread.", inbox.unread),
    };
    let mark_all = inbox
        .newest
        .filter(|_| !inbox.unread.is_none())
        .map(|until| {
            visit
                .form::<MarkAllReadInput>()
                .hidden(MarkAllReadInput::until(), &until)
                .show(|_| view! { <Button weight=Weight::Quiet>"Mark all as read"</Button> })
        });
    let list = if inbox.entries.is_empty() {
        view! {
            <EmptyState
                title="Nothing has been told to you yet"
                text="Whatever we write to you is kept here as well, also what you chose to get no letter about."
            />
        }
        .into_any()
    } else {
        list(visit, inbox).into_any()
    };
    view! {
        <PageHead title="Inbox" lead=lead>
            {mark_all}
            <a href="/account/letters">"Choose letters"</a>
        </PageHead>
        {list}
    }
}

fn list(visit: &Visit, inbox: Inbox) -> impl IntoView + use<> {
    let columns = vec![
        Column::new("What"),
        Column::new("Case").tight(),
        Column::new("When").tight(),
        Column::new("State").tight(),
        Column::new("Action").tight(),
    ];
    let shown = u64::try_from(inbox.entries.len()).unwrap_or(u64::MAX);
    let text = if inbox.newer.is_none() && inbox.older.is_none() {
        all_of(shown.into(), "entries")
    } else {
        "Newest first".to_owned()
    };
    let links = vec![
        ("prev", "Newer", inbox.newer.map(address)),
        ("next", "Older", inbox.older.map(address)),
    ];
    let rows = inbox
        .entries
        .into_iter()
        .map(|entry| row(visit, entry))
        .collect_view();
    view! {
        <DataTable caption="What you were told, newest first" columns=columns>
            {rows}
        </DataTable>
        <PageLinks text=text links=links />
    }
}

fn row(visit: &Visit, entry: InboxEntry) -> impl IntoView + use<> {
    let subject = entry.subject.clone();
    let what = if entry.leads {
        let href = format!("/inbox/{}", entry.id);
        view! { <a href=href>{subject}</a> }.into_any()
    } else {
        view! { <span>{subject}</span> }.into_any()
    };
    let under = if entry.in_letter_alone {
        Some("Sent as a letter, which alone has the link")
    } else {
        entry.topic
    };
    let case = entry.case.map(|case| case.to_string());
    let state = if entry.unread {
        view! { <Tag hue=Hue::Us text="Unread" /> }.into_any()
    } else {
        view! { <span class="soft">"Read"</span> }.into_any()
    };
    let about = format!(": {}", entry.subject);
    let mark = entry.unread.then(|| {
        visit
            .form::<MarkReadInput>()
            .id(format!("read-{}", entry.id))
            .inline()
            .hidden(MarkReadInput::entry(), &entry.id)
            .show(move |_| {
                view! {
                    <Button weight=Weight::Link>
                        "Mark as read" <span class="visually-hidden">{about}</span>
                    </Button>
                }
            })
    });
    let at = entry.told;
    view! {
        <tr data-read=(!entry.unread).then_some("")>
            <th scope="row">
                {what}
                {under.map(|under| view! { <span class="under">{under}</span> })}
            </th>
            <td data-label="Case" class="tight">{case}</td>
            <td data-label="When">
                <Time at=at />
            </td>
            <td data-label="State">{state}</td>
            <td class="tight">{mark}</td>
        </tr>
    }
}
