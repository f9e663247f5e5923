//! `/apps/{id}/gallery`: the entry of an app, for its members: where it stands, what is missing, and
//! what can be done.

use super::{
    crumbs, disclaimer,
    shown::{changes_view, listing_view, logo},
    state_tag,
};
use crate::{
    components::{
        AsTyped, Button, ButtonLink, Card, Fact, Facts, Notice, PageHead, Time, Tone, Weight,
    },
    web::{Page, Visit, page},
};
use casework::gallery::{
    commands::{DiscardEntryInput, SendInEntryInput, TakeBackEntryInput, UnlistEntryInput},
    queries::{MyEntry, my_entry},
};
use leptos::prelude::*;
use workflow::{
    AppId,
    gallery::{ActionKind, State},
};

/// `/apps/{id}/gallery`.
#[component]
pub fn MyEntryPage() -> impl IntoView {
    page(|visit| async move {
        let app: AppId = visit.at("id")?;
        let entry = my_entry(&visit.desk, visit.caller()?, app).await?;
        let up = crumbs(app, &entry.app_name, false);
        let links = links(&entry);
        Ok(Page::developer(
            format!("Gallery entry of {}", entry.app_name),
            view! {
                <PageHead
                    title="Gallery entry"
                    lead="What everybody reads about your app in the gallery."
                    crumbs=up
                >
                    {links}
                </PageHead>
                {notices(&entry)}
                {standing(&entry)}
                {to_do(&visit, &entry)}
                {preview(&entry)}
                {ends(&visit, &entry)}
            },
        ))
    })
}

fn links(entry: &MyEntry) -> impl IntoView + use<> {
    let app = entry.app;
    let may = entry.may(ActionKind::Edit);
    let texts = may.then(|| {
        let label = if entry.version == 0 {
            "Write the entry"
        } else {
            "Edit texts"
        };
        let href = format!("/apps/{app}/gallery/texts");
        view! { <ButtonLink href=href>{label}</ButtonLink> }
    });
    let images = (may && entry.version > 0).then(|| {
        let href = format!("/apps/{app}/gallery/images");
        view! {
            <ButtonLink href=href weight=Weight::Quiet>
                "Images"
            </ButtonLink>
        }
    });
    let public = entry.is_shown.then(|| {
        let href = format!("/gallery/{}", entry.slug);
        view! {
            <ButtonLink href=href weight=Weight::Quiet>
                "See it in the gallery"
            </ButtonLink>
        }
    });
    view! { {texts} {images} {public} }
}

fn notices(entry: &MyEntry) -> impl IntoView + use<> {
    let stands = (!entry.stands).then(|| {
        let text = if entry.entry.public.is_some() {
            "Your entry is not shown at present: the gallery shows apps with Full Access of partners in good standing. It comes back by itself once both are there."
        } else {
            "The gallery shows apps with Full Access of partners in good standing. This app is not one of them at present."
        };
        view! {
            <Notice tone=Tone::Attention>
                <p>
                    {text} " " <a href="/partners">"How to become a partner"</a>
                </p>
            </Notice>
        }
    });
    // What is public and what is being written are two things, and we may have written about both.
    let down = entry.down.as_ref().and_then(|down| down.why.clone());
    let asks = entry.entry.state == State::ChangesAsked && !entry.asked.is_empty();
    let again = (entry.entry.state == State::TakenDown).then_some(
        "Correct it under “Edit texts” or “Images” and save; then you can send it in again.",
    );
    let written = [
        ("Why we took the public version down", down, again),
        (
            "We ask for changes",
            asks.then(|| entry.asked.clone()),
            None,
        ),
    ]
    .map(|(title, text, next)| {
        text.map(|text| {
            view! {
                <Notice tone=Tone::Attention>
                    <p>
                        <strong>{title}</strong>
                    </p>
                    <AsTyped text=text />
                    {next.map(|next| view! { <p>{next}</p> })}
                </Notice>
            }
        })
    });
    let dead = entry
        .dead_links
        .iter()
        .map(|(address, fault)| {
            let text = format!("{address}: {fault}");
            view! {
                <Notice tone=Tone::Problem>
                    <p>"A link of the public entry does not answer. " {text}</p>
                </Notice>
            }
        })
        .collect_view();
    view! { {stands} {written.into_iter().collect_view()} {dead} }
}

fn standing(entry: &MyEntry) -> impl IntoView + use<> {
    let public = match (entry.entry.public, entry.is_shown) {
        (None, _) => match &entry.down {
            Some(down) if down.why.is_some() => "Nothing; we took it down".to_owned(),
            Some(_) => "Nothing; it was taken out by your side".to_owned(),
            None => "Nothing yet".to_owned(),
        },
        (Some(version), true) => format!("Version {version} is in the gallery"),
        (Some(version), false) => format!("Version {version}, hidden at present"),
    };
    let since = entry
        .published
        .filter(|_| entry.entry.public.is_some())
        .or(entry.down.as_ref().map(|down| down.at))
        .map(|at| view! { <Fact name="Since"><Time at=at /></Fact> });
    let state = entry.entry.state;
    let is_written = matches!(state, State::Draft | State::ChangesAsked);
    let sentence = if is_written && !entry.may(ActionKind::Edit) {
        "It waits as it is: nobody can change it at present."
    } else if state == State::Published && !entry.is_shown {
        "The newest version is published, and nobody sees it at present."
    } else {
        state.sentence()
    };
    view! {
        <Card title="Where it stands">
            <p>{sentence}</p>
            <Facts>
                <Fact name="State">{state_tag(state)}</Fact>
                <Fact name="Public">{public}</Fact>
                {since}
            </Facts>
        </Card>
    }
}

/// What is missing, or the button that sends it in.
fn to_do(visit: &Visit, entry: &MyEntry) -> AnyView {
    let (app, version) = (entry.app, entry.version);
    if entry.may(ActionKind::TakeBack) {
        let form = visit
            .form::<TakeBackEntryInput>()
            .hidden(TakeBackEntryInput::app(), &app)
            .hidden(TakeBackEntryInput::version(), &version)
            .show(|_| {
                view! { <Button weight=Weight::Quiet>{ActionKind::TakeBack.label()}</Button> }
            });
        return view! {
            <Card title="To change something, take it back first">{form}</Card>
        }
        .into_any();
    }
    let writes = matches!(entry.entry.state, State::Draft | State::ChangesAsked);
    if version == 0 || !writes {
        return ().into_any();
    }
    if !entry.missing.is_empty() {
        let items = entry
            .missing
            .iter()
            .map(|problem| {
                let is_image = ["logo", "screenshot"].contains(&problem.field.as_str())
                    || problem.field.starts_with("alt_");
                let place = if is_image { "images" } else { "texts" };
                let href = format!("/apps/{app}/gallery/{place}");
                view! {
                    <li>
                        <a href=href>{problem.text.clone()}</a>
                    </li>
                }
            })
            .collect_view();
        return view! {
            <Card title="What is missing before you can send it in">
                <ul>{items}</ul>
            </Card>
        }
        .into_any();
    }
    let changes = (!entry.changes.is_empty()).then(|| {
        view! {
            <h3>"What differs from the public version"</h3>
            {changes_view(&entry.changes)}
        }
    });
    if !entry.may(ActionKind::SendIn) {
        return ().into_any();
    }
    let stays = entry
        .entry
        .public
        .map(|_| "What is public stays until then. ");
    let form = visit
        .form::<SendInEntryInput>()
        .hidden(SendInEntryInput::app(), &app)
        .hidden(SendInEntryInput::version(), &version)
        .show(|_| view! { <Button>{ActionKind::SendIn.label()}</Button> });
    view! {
        <Card title="Ready to be sent in">
            <p>
                "We look at it before anybody else sees it. " {stays}
                "Your links are visited when you send it in."
            </p>
            {changes}
            {form}
        </Card>
    }
    .into_any()
}

fn preview(entry: &MyEntry) -> impl IntoView + use<> {
    let listing = entry.listing.clone();
    (entry.version > 0).then(|| {
        view! {
            <section class="gallery-preview stack" aria-label="Preview">
                <h2>"As visitors will see it"</h2>
                <header class="gallery-head">
                    {logo(listing.logo.as_ref(), &listing.name)}
                    <div>
                        <p class="gallery-name" dir="auto">{listing.name.clone()}</p>
                        <p class="lead" dir="auto">{listing.tagline.clone()}</p>
                    </div>
                </header>
                {disclaimer()}
                {listing_view(&listing)}
            </section>
        }
    })
}

/// What gives something up.
fn ends(visit: &Visit, entry: &MyEntry) -> impl IntoView + use<> {
    let (app, version) = (entry.app, entry.version);
    let stays = match entry.entry.public {
        Some(_) => " What is public stays.",
        None => " Nothing is public afterwards, as now.",
    };
    let discard = entry.may(ActionKind::Discard).then(|| {
        visit
            .form::<DiscardEntryInput>()
            .hidden(DiscardEntryInput::app(), &app)
            .hidden(DiscardEntryInput::version(), &version)
            .show(|_| {
                view! {
                    <p>"What you wrote since the last public version goes." {stays}</p>
                    <Button weight=Weight::Danger>{ActionKind::Discard.label()}</Button>
                }
            })
    });
    let unlist = entry.may(ActionKind::Unlist).then(|| {
        visit
            .form::<UnlistEntryInput>()
            .hidden(UnlistEntryInput::app(), &app)
            .hidden(UnlistEntryInput::version(), &version)
            .show(|_| {
                view! {
                    <p>"Nobody sees the entry any more. To bring it back, send it in again."</p>
                    <Button weight=Weight::Danger>{ActionKind::Unlist.label()}</Button>
                }
            })
    });
    (discard.is_some() || unlist.is_some()).then(|| {
        view! { <Card title="Give up">{discard} {unlist}</Card> }
    })
}
