//! `/find`: cases, people and places by their words, of what the reader may see. The palette of
//! the scripts shows the same list.

use crate::{
    components::{Button, EmptyState, Line, PageHead, TextField, Weight, filters},
    web::{Page, Visit, encode, page, staff_nav},
};
use casework::{
    Caller, Error, Result,
    queries::queue::{Filter, Queue, Row, View, queue},
};
use leptos::prelude::*;

/// So many of each kind are shown.
const MOST: usize = 8;

/// The list, and the field for what is looked for.
#[component]
pub fn FindPage() -> impl IntoView {
    page(|visit| async move {
        let caller = visit.caller()?.clone();
        if !caller.is_staff() {
            return Err(Error::NotFound);
        }
        let text = visit.query("q").unwrap_or_default().trim().to_owned();
        let queue = matching(&visit, &caller, &text).await?;
        let groups = [
            ("Cases", cases(queue.as_ref(), &text)),
            ("People", people(queue.as_ref(), &text)),
            ("Places", places(&caller, &visit, &text)),
        ];
        let is_none = groups.iter().all(|(_, found)| found.is_empty());
        let groups = groups.map(|(title, found)| group(title, found));
        let none = (is_none && !text.is_empty()).then(|| {
            view! {
                <EmptyState
                    title="Nothing found"
                    text="Cases are found by number, app, organisation and what was written about them; people of our side by name."
                />
            }
        });
        let form = filters("/find", |search| {
            view! {
                <TextField of=search.at("q") label="Find" line=Line::Search value=text />
                <Button weight=Weight::Quiet>"Find"</Button>
            }
        });
        Ok(Page::new(
            "Find",
            view! {
                <PageHead title="Find" lead="A case, a person of our side, or a place of the desk." />
                {form}
                <div id="found" class="stack">
                    {groups}
                    {none}
                </div>
            },
        ))
    })
}

/// One thing that was found.
struct Found {
    href: String,
    words: String,
    /// What is said beside it.
    about: String,
}

/// The cases that the text finds, with everybody of our side; none to who sees no queue.
async fn matching(visit: &Visit, caller: &Caller, text: &str) -> Result<Option<Queue>> {
    let filter = Filter {
        text: text.to_owned(),
        ..Filter::view(View::AllOpen)
    };
    match queue(&visit.desk, caller, filter).await {
        Ok(queue) => Ok(Some(queue)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn cases(queue: Option<&Queue>, text: &str) -> Vec<Found> {
    let Some(queue) = queue.filter(|_| !text.is_empty()) else {
        return Vec::new();
    };
    let case = |row: &Row| Found {
        href: format!("/cases/{}", row.number),
        words: format!("{} {}", row.number, row.app),
        about: format!("{}, {}", row.organisation, row.state.standing(row.grant)),
    };
    let rows = queue.named.iter().chain(&queue.rows);
    rows.take(MOST).map(case).collect()
}

/// Colleagues by name, each with what they hold.
fn people(queue: Option<&Queue>, text: &str) -> Vec<Found> {
    let staff = queue.map(|queue| queue.beside.staff.as_slice());
    let staff = staff.unwrap_or_default().iter();
    staff
        .filter(|one| !text.is_empty() && holds(&one.name, text))
        .take(MOST)
        .map(|one| Found {
            href: format!("/queue?view=all_open&assignee={}", encode(&one.username)),
            words: one.name.clone(),
            about: "what they hold".to_owned(),
        })
        .collect()
}

/// The places of the reader's own menu.
fn places(caller: &Caller, visit: &Visit, text: &str) -> Vec<Found> {
    let entries = staff_nav(caller, visit).into_iter();
    entries
        .flat_map(|group| group.entries)
        .filter(|entry| holds(&entry.label, text))
        .map(|entry| Found {
            href: entry.href,
            words: entry.label,
            about: String::new(),
        })
        .collect()
}

fn holds(words: &str, text: &str) -> bool {
    words.to_lowercase().contains(&text.to_lowercase())
}

fn group(title: &'static str, found: Vec<Found>) -> Option<impl IntoView> {
    (!found.is_empty()).then(|| {
        let items = found
            .into_iter()
            .map(|one| {
                view! {
                    <li>
                        <a class="found" href=one.href>
                            {one.words} " " <span class="soft">{one.about}</span>
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="stack tight">
                <h2>{title}</h2>
                <ul class="plain">{items}</ul>
            </section>
        }
    })
}
