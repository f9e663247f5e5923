//! `/gallery/review`: the entries that we look at, and one of them.

use super::{
    disclaimer,
    shown::{changes_view, listing_view, logo},
    state_tag,
};
use crate::{
    components::{
        AsTyped, Button, Card, Column, DataTable, Day, EmptyState, Fact, Facts, Notice, PageHead,
        Pagination, TextArea, Time, Tone, ViewTab, ViewTabs, Weight,
    },
    pages::also_waiting,
    web::{Page, Visit, page},
};
use casework::{
    gallery::{
        commands::{AskEntryChangesInput, PublishEntryInput, TakeDownEntryInput},
        queries::{ENTRIES_PAGE as PAGE, EntryReview, ReviewQueue, entry_review, review_queue},
    },
    paging,
    queries::also_waiting::Elsewhere,
};
use leptos::prelude::*;
use workflow::{
    AppId,
    gallery::{ActionKind, State},
};

/// `/gallery/review`.
#[component]
pub fn EntriesPage() -> impl IntoView {
    page(|visit| async move {
        let asked = visit.query("state").and_then(State::from_word);
        let state = asked
            .filter(|state| *state != State::Draft)
            .unwrap_or(State::InReview);
        let number = paging::asked(visit.query("page").unwrap_or_default());
        let queue = review_queue(&visit.desk, visit.caller()?, state, number).await?;
        let also = also_waiting::line(&visit, &[Elsewhere::GalleryEntries]).await?;
        Ok(Page::new(
            "Gallery entries",
            view! {
                <PageHead title="Gallery entries" lead="What developers have sent in." />
                {also}
                {tabs(&queue)}
                {list(&queue)}
            },
        ))
    })
}

fn address(state: State, page: u64) -> String {
    let mut address = format!("/gallery/review?state={}", state.word());
    if page > 1 {
        address.push_str(&format!("&page={page}"));
    }
    address
}

fn tabs(queue: &ReviewQueue) -> impl IntoView + use<> {
    let tabs = queue
        .counts
        .iter()
        .map(|(state, count)| ViewTab {
            label: state.label().to_owned(),
            href: address(*state, 1),
            count: Some((*count).into()),
            current: *state == queue.state,
            urgent: false,
        })
        .collect();
    view! { <ViewTabs label="States" tabs=tabs /> }
}

fn list(queue: &ReviewQueue) -> AnyView {
    if queue.lines.is_empty() {
        let text = match queue.state {
            State::InReview => "Entries appear here when developers send them in.",
            _ => "No entry is in this state.",
        };
        return view! { <EmptyState title="Nothing here" text=text /> }.into_any();
    }
    let columns = vec![
        Column::new("App"),
        Column::new("State").tight(),
        Column::new("Public").tight(),
        Column::new("Since").tight(),
    ];
    let rows = queue
        .lines
        .iter()
        .map(|line| {
            let href = format!("/gallery/review/{}", line.app);
            let public = match line.entry.public {
                Some(version) => format!("version {version}"),
                None if line.entry.is_down() => State::TakenDown.label().to_owned(),
                None => "–".to_owned(),
            };
            let at = line.changed;
            view! {
                <tr class="leads">
                    <th scope="row">
                        <a class="lead" href=href>
                            {line.app_name.clone()}
                        </a>
                        <span class="under">{line.organisation.clone()}</span>
                    </th>
                    <td>{state_tag(line.entry.state)}</td>
                    <td data-label="Public">{public}</td>
                    <td data-label="Since">
                        <Day at=at />
                    </td>
                </tr>
            }
        })
        .collect_view();
    let last = (queue.page * PAGE).min(queue.total);
    let previous = (queue.page > 1).then(|| address(queue.state, queue.page - 1));
    let next = (last < queue.total).then(|| address(queue.state, queue.page + 1));
    view! {
        <DataTable caption="Entries of the gallery" columns=columns>
            {rows}
        </DataTable>
        <Pagination
            first=(queue.page - 1) * PAGE + 1
            last=last
            total=queue.total
            noun="entries"
            previous=previous
            next=next
        />
    }
    .into_any()
}

/// `/gallery/review/{id}`.
#[component]
pub fn ReviewEntryPage() -> impl IntoView {
    page(|visit| async move {
        let app: AppId = visit.at("id")?;
        let entry = entry_review(&visit.desk, visit.caller()?, app).await?;
        let up = vec![("Gallery entries".to_owned(), "/gallery/review".to_owned())];
        let newest = entry.newest.clone();
        Ok(Page::new(
            format!("Gallery entry of {}", entry.app_name),
            view! {
                <PageHead
                    title=entry.app_name.clone()
                    lead=entry.organisation.clone()
                    crumbs=up
                />
                {called_otherwise(&entry)}
                {standing(&entry)}
                {differs(&entry)}
                {steps(&visit, &entry)}
                <section class="gallery-preview stack" aria-label="What was sent in">
                    <h2>"What was sent in"</h2>
                    <header class="gallery-head">
                        {logo(newest.logo.as_ref(), &newest.name)}
                        <div>
                            <p class="gallery-name" dir="auto">{newest.name.clone()}</p>
                            <p class="lead" dir="auto">{newest.tagline.clone()}</p>
                        </div>
                    </header>
                    {disclaimer()}
                    {listing_view(&newest)}
                </section>
            },
        ))
    })
}

/// What of the entry's name could make one take it for another app.
fn called_otherwise(entry: &EntryReview) -> impl IntoView + use<> {
    let name = entry.newest.name.clone();
    let other = (name != entry.app_name).then(|| {
        let app = entry.app_name.clone();
        view! {
            <p>
                "The entry is called “" <bdi>{name.clone()}</bdi> "”, the app “" <bdi>{app}</bdi>
                "”."
            </p>
        }
    });
    let alike = entry.called_alike.as_ref().map(|slug| {
        let href = format!("/gallery/{slug}");
        view! {
            <p>
                "Another app's entry has the same name: " <a href=href>"look at it"</a> "."
            </p>
        }
    });
    (other.is_some() || alike.is_some())
        .then(|| view! { <Notice tone=Tone::Attention>{other} {alike}</Notice> })
}

fn standing(entry: &EntryReview) -> impl IntoView + use<> {
    let at = entry.changed;
    let public = match (entry.entry.public, entry.is_shown) {
        (None, _) => match &entry.down {
            Some(down) => {
                let (at, us) = (down.at, down.why.is_some());
                let whose = if us {
                    "taken down by us"
                } else {
                    "taken out by its developer"
                };
                view! { "Nothing; " {whose} ", " <Time at=at /> }.into_any()
            }
            None => view! { "Nothing yet" }.into_any(),
        },
        (Some(version), true) => {
            let href = format!("/gallery/{}", entry.slug);
            view! { <a href=href>"Version " {version}</a> }.into_any()
        }
        (Some(version), false) => view! { "Version " {version} ", hidden at present" }.into_any(),
    };
    let gone = (!entry.stands).then(|| {
        view! {
            <Notice tone=Tone::Attention>
                <p>
                    "The app has no Full Access at present, or its developer is no partner in good standing. Nothing of it can be published."
                </p>
            </Notice>
        }
    });
    let asks = entry.entry.state == State::ChangesAsked && !entry.asked.is_empty();
    let why = entry.down.as_ref().and_then(|down| down.why.clone());
    let written = [
        ("Why it was taken down", why),
        ("What we asked", asks.then(|| entry.asked.clone())),
    ]
    .map(|(name, text)| {
        text.map(|text| {
            view! {
                <Fact name=name>
                    <AsTyped text=text />
                </Fact>
            }
        })
    });
    let (state, newest) = (entry.entry.state, entry.entry.newest);
    view! {
        {gone}
        <Facts>
            <Fact name="State">{state_tag(state)}</Fact>
            <Fact name="Sent in">"Version " {newest}</Fact>
            <Fact name="Public">{public}</Fact>
            <Fact name="Changed">
                <Time at=at />
            </Fact>
            {written.into_iter().collect_view()}
        </Facts>
    }
}

fn differs(entry: &EntryReview) -> impl IntoView + use<> {
    let is_new = entry.entry.public.is_none();
    let shows = entry.entry.state == State::InReview && !is_new;
    let changes = entry.changes.clone();
    shows.then(|| {
        view! {
            <Card title="What differs from the public version" id="changes">
                {changes_view(&changes)}
            </Card>
        }
    })
}

fn steps(visit: &Visit, entry: &EntryReview) -> impl IntoView + use<> {
    let (app, version) = (entry.app, entry.version);
    let publish = entry.may(ActionKind::Publish).then(|| {
        visit
            .form::<PublishEntryInput>()
            .hidden(PublishEntryInput::app(), &app)
            .hidden(PublishEntryInput::version(), &version)
            .show(|_| {
                view! {
                    <p>"Everybody sees this version at once."</p>
                    <Button>{ActionKind::Publish.label()}</Button>
                }
            })
    });
    let ask = entry.may(ActionKind::AskChanges).then(|| {
        visit
            .form::<AskEntryChangesInput>()
            .hidden(AskEntryChangesInput::app(), &app)
            .hidden(AskEntryChangesInput::version(), &version)
            .show(|form| {
                view! {
                    <TextArea
                        of=form.at(AskEntryChangesInput::text())
                        hint="The members of the app get it by mail and see it on their page."
                        rows=4
                    />
                    <Button weight=Weight::Quiet>{ActionKind::AskChanges.label()}</Button>
                }
            })
    });
    let down = entry.may(ActionKind::TakeDown).then(|| {
        visit
            .form::<TakeDownEntryInput>()
            .hidden(TakeDownEntryInput::app(), &app)
            .hidden(TakeDownEntryInput::version(), &version)
            .show(|form| {
                view! {
                    <TextArea
                        of=form.at(TakeDownEntryInput::reason())
                        hint="The members of the app get it by mail and see it on their page."
                        rows=3
                    />
                    <Button weight=Weight::Danger>{ActionKind::TakeDown.label()}</Button>
                }
            })
    });
    view! {
        {publish.map(|form| view! { <Card title="Publish" id="publish">{form}</Card> })}
        {ask.map(|form| view! { <Card title="Ask for changes" id="ask">{form}</Card> })}
        {down.map(|form| view! { <Card title="Take the public version down" id="down">{form}</Card> })}
    }
}
