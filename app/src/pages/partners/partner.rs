//! `/partners/{app}`: how the partnership of an app stands, each criterion with its evidence, and what
//! its owners can do.

use super::{criterion, crumbs, state_tag, work};
use crate::{
    components::{
        AsTyped, Button, ButtonLink, Card, Confirm, Day, Fact, Facts, Fold, Line, More, Notice,
        PageHead, TextArea, TextField, Tone, Weight, day_text,
    },
    pages::apps::users_seen,
    web::{Page, Visit, page},
};
use casework::{
    partners::{
        commands::{
            ApplyPartnerInput, ConfirmContactInput, LeavePartnersInput, MOST_LINKS, PublishAppInput,
        },
        queries::{Application, LapseLine, PartnerView, Publication, partner},
    },
    words::date,
};
use leptos::prelude::*;
use workflow::partners::{Decision, State};

/// `/partners/{app}`.
#[component]
pub fn PartnerPage() -> impl IntoView {
    page(|visit| async move {
        let view = partner(&visit.desk, visit.caller()?, visit.at("id")?).await?;
        let criteria = view.criteria.iter().map(criterion).collect_view();
        let head = if view.inside {
            view! { {state_tag(view.standing.state)} }.into_any()
        } else {
            view! { <p>{view.standing.state.sentence()}</p> }.into_any()
        };
        let ways = ways(&view);
        let body = view! {
            <PageHead title=view.name.clone() lead=view.organisation.clone() crumbs=crumbs()>
                {ways}
            </PageHead>
            {standing(&view, head)}
            {to_accept(&view)}
            {work::of(&visit, &view)}
            {application(&view)}
            <Card title="Criteria" id="criteria">{criteria}</Card>
            {users(&view)}
            {apply(&visit, &view)}
            {published(&visit, &view)}
            {earlier(&view)}
            {lapses(&view)}
            {leave(&visit, &view)}
        };
        let title = format!("{}: partnership", view.name);
        Ok(if view.inside {
            Page::new(title, body)
        } else {
            Page::developer(title, body)
        })
    })
}

/// To the app and its entry in the gallery, as the reader sees them.
fn ways(view: &PartnerView) -> impl IntoView + use<> {
    let app = (!view.inside).then(|| {
        let href = format!("/apps/{}", view.app);
        view! { <ButtonLink href=href weight=Weight::Quiet>"The app"</ButtonLink> }
    });
    let href = if view.inside {
        format!("/gallery/review/{}", view.app)
    } else {
        format!("/apps/{}/gallery", view.app)
    };
    let entry = view.has_entry.then(|| {
        view! { <ButtonLink href=href weight=Weight::Quiet>"Entry in the gallery"</ButtonLink> }
    });
    view! { {app} {entry} }
}

fn standing(view: &PartnerView, head: AnyView) -> AnyView {
    let next = view.standing.next.map(day_text);
    let (tone, text) = match (view.standing.state, next) {
        (State::Warned, Some(day)) => (
            Tone::Attention,
            format!("It rests from {day} on, if a criterion is still not met by then."),
        ),
        (State::Resting, Some(day)) => (
            Tone::Problem,
            format!("It ends on {day}, if a criterion is still not met by then."),
        ),
        (State::Active, _) => (Tone::Done, String::new()),
        _ => (Tone::Info, String::new()),
    };
    let since = view
        .standing
        .since
        .map(|at| view! { <p class="soft">"Since " <Day at=at /></p> });
    view! {
        <Notice tone=tone>
            {head}
            {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
            {since}
        </Notice>
    }
    .into_any()
}

fn users(view: &PartnerView) -> Option<impl IntoView + use<>> {
    let seen = users_seen(view.users.as_ref()?);
    Some(view! { <Card title="Users" id="users">{seen}</Card> })
}

fn to_accept(view: &PartnerView) -> Option<impl IntoView + use<>> {
    let version = view.to_accept.filter(|_| !view.inside)?;
    let href = format!("/partners/{}/agreement", view.app);
    let text = if view.may.reaccept {
        view! {
            <ButtonLink href=href>"Read and accept it"</ButtonLink>
        }
        .into_any()
    } else {
        view! { <p>"An owner of the app with authority to sign accepts it."</p> }.into_any()
    };
    Some(view! {
        <Notice tone=Tone::Attention>
            <p>"Version " {version} " of the Data Licensing Agreement is in force."</p>
            {text}
        </Notice>
    })
}

fn application(view: &PartnerView) -> Option<impl IntoView + use<>> {
    let facts = application_facts(view.application.clone()?);
    Some(view! {
        <Card title="Application" id="application">{facts}</Card>
    })
}

/// What was applied for before, the newest first.
pub(super) fn earlier(view: &PartnerView) -> Option<impl IntoView + use<>> {
    let all = view.earlier.iter().cloned();
    let facts: Vec<_> = all.map(application_facts).collect();
    (!facts.is_empty()).then(|| {
        view! {
            <Card title="Earlier applications" id="earlier">
                <div class="stack">{facts}</div>
            </Card>
        }
    })
}

fn application_facts(application: Application) -> impl IntoView {
    let Application {
        at,
        by,
        statement,
        proposal,
        decided,
        left,
        ..
    } = application;
    let left = left.map(|at| view! { <Fact name="Ended by its developer"><Day at=at /></Fact> });
    let by = by.map(|by| view! { " by " {by} });
    let proposal = proposal.map(|proposal| {
        let what = match proposal.recommended {
            Decision::Approved => "to approve",
            Decision::Declined => "to decline",
        };
        view! {
            <Fact name="Proposed">
                <Day at=proposal.at /> " by " {proposal.by} ", " {what}
            </Fact>
            <Fact name="Reasons">
                <AsTyped text=proposal.reasons />
            </Fact>
        }
    });
    let decided = decided.map(|decided| {
        let what = match decided.decision {
            Decision::Approved => "Approved",
            Decision::Declined => "Declined",
        };
        let by = decided.by.map(|by| view! { " by " {by} });
        let note = (!decided.note.is_empty()).then(|| {
            view! {
                <Fact name="Why">
                    <AsTyped text=decided.note />
                </Fact>
            }
        });
        view! {
            <Fact name=what>
                <Day at=decided.at /> {by}
            </Fact>
            {note}
        }
    });
    view! {
        <Facts>
            <Fact name="Applied">
                <Day at=at /> {by}
            </Fact>
            <Fact name="How users are supported">
                <AsTyped text=statement />
            </Fact>
            {proposal}
            {decided}
            {left}
        </Facts>
    }
}

fn apply(visit: &Visit, view: &PartnerView) -> Option<AnyView> {
    if !view.may.apply {
        return None;
    }
    let ready = view.criteria.iter().all(|one| one.met);
    let body = if ready {
        visit
            .form::<ApplyPartnerInput>()
            .hidden(ApplyPartnerInput::app(), &view.app)
            .show(|form| {
                view! {
                    <TextArea
                        of=form.at(ApplyPartnerInput::statement())
                        hint="Who answers users, where, and how fast; 10 to 2,000 characters."
                    />
                    <Button>"Apply"</Button>
                }
            })
    } else {
        view! { <p>"You can apply once every criterion is met: see above what is missing."</p> }
            .into_any()
    };
    Some(
        view! {
            <Card title="Apply" id="apply">
                {body}
            </Card>
        }
        .into_any(),
    )
}

fn published(visit: &Visit, view: &PartnerView) -> Option<AnyView> {
    if !view.full {
        let href = format!("/apps/{}", view.app);
        return (!view.inside).then(|| {
            view! {
                <Card title="Full Access" id="publication">
                    <p>"Only an app with Full Access can be a Digital Health Partner."</p>
                    <ButtonLink href=href weight=Weight::Quiet>
                        "See the app"
                    </ButtonLink>
                </Card>
            }
            .into_any()
        });
    }
    let facts = view.publication.as_ref().map(facts);
    let confirm = view
        .publication
        .as_ref()
        .filter(|_| view.may.confirm_contact)
        .map(|known| {
            visit
                .form::<ConfirmContactInput>()
                .hidden(ConfirmContactInput::app(), &view.app)
                .hidden(ConfirmContactInput::version(), &known.version)
                .show(|form| {
                    view! {
                        <Confirm of=form.at(ConfirmContactInput::right()) />
                        <Button weight=Weight::Quiet>"Confirm the contact"</Button>
                    }
                })
        });
    let edit = view.may.publish.then(|| publication_form(visit, view));
    let nothing = (view.publication.is_none() && !view.may.publish)
        .then(|| view! { <p>"An owner of the app says here since when and where everybody can get it."</p> });
    Some(
        view! {
            <Card title="Where the app can be got" id="publication">
                {facts}
                {nothing}
                {confirm}
                {edit}
            </Card>
        }
        .into_any(),
    )
}

pub(super) fn facts(known: &Publication) -> impl IntoView + use<> {
    let links = known
        .links
        .iter()
        .map(|link| {
            let href = link.clone();
            view! {
                <li>
                    <a href=href rel="noreferrer nofollow">{link.clone()}</a>
                </li>
            }
        })
        .collect_view();
    let available = date(known.available);
    let contact = known.contact.clone();
    let href = match contact.contains("://") {
        true => contact.clone(),
        false => format!("mailto:{contact}"),
    };
    view! {
        <Facts>
            <Fact name="Available since">{available}</Fact>
            <Fact name="Store pages">
                <ul class="plain">{links}</ul>
            </Fact>
            <Fact name="Support contact">
                <a href=href rel="noreferrer nofollow">{contact}</a>
            </Fact>
        </Facts>
    }
}

fn publication_form(visit: &Visit, view: &PartnerView) -> AnyView {
    let known = view.publication.clone();
    let is_new = known.is_none();
    let (available, links, contact, version) = known.map_or_else(
        || (String::new(), String::new(), String::new(), 0),
        |known| {
            let available = known.available.to_string();
            (
                available,
                known.links.join("\n"),
                known.contact,
                known.version,
            )
        },
    );
    let again = match visit.desk.reference.known().settings.reading_days {
        1 => "every day".to_owned(),
        days => format!("every {days} days"),
    };
    let form = visit
        .form::<PublishAppInput>()
        .id("publish")
        .hidden(PublishAppInput::app(), &view.app)
        .hidden(PublishAppInput::version(), &version)
        .show(|form| {
            let hint = format!(
                "Where everybody can get the app; at most {MOST_LINKS} addresses, each on its own line. We visit them now, and {again}."
            );
            view! {
                <TextField
                    of=form.at(PublishAppInput::available())
                    line=Line::Date
                    value=available
                    hint="The day on which everybody could first get the app, such as 2026-03-31."
                />
                <TextArea of=form.at(PublishAppInput::links()) value=links hint=hint rows=3 />
                <TextField
                    of=form.at(PublishAppInput::contact())
                    value=contact
                    hint="Where users of the app are answered: an address for mail, or a page."
                />
                <Button weight=if is_new { Weight::Primary } else { Weight::Quiet }>"Save"</Button>
            }
        });
    if is_new {
        return form;
    }
    let fold = match visit.is_back("publish") {
        true => Fold::Open,
        false => Fold::Closed,
    };
    view! { <More summary="Change what is said here" fold=fold>{form}</More> }.into_any()
}

pub(super) fn lapses(view: &PartnerView) -> Option<impl IntoView + use<>> {
    if view.lapses.is_empty() {
        return None;
    }
    let is_met = |lapse: &LapseLine| {
        let mut criteria = view.criteria.iter();
        criteria.any(|one| one.criterion == lapse.criterion && one.met)
    };
    let lines = view
        .lapses
        .iter()
        .map(|lapse| {
            let from = lapse.from;
            let until = match lapse.until {
                Some(at) => view! { " to " <Day at=at /> }.into_any(),
                // The day is written down when the desk looks next; of an ended partnership never.
                None if is_met(lapse) => view! { ", met again now" }.into_any(),
                None => view! { ", not met yet" }.into_any(),
            };
            view! {
                <Fact name=lapse.criterion.label()>
                    <Day at=from /> {until}
                </Fact>
            }
        })
        .collect_view();
    Some(view! {
        <Card title="When a criterion was not met" id="lapses">
            <Facts>{lines}</Facts>
        </Card>
    })
}

fn leave(visit: &Visit, view: &PartnerView) -> Option<AnyView> {
    let version = view.application.as_ref()?.version;
    if !view.may.leave {
        return None;
    }
    let held = view.standing.state.is_held();
    let (title, text, button) = if held {
        (
            "End the partnership",
            "The app is no partner from then on. To become one again you have to apply again.",
            "End the partnership",
        )
    } else {
        (
            "Take the application back",
            "Nobody decides about it then. You can apply again at any time.",
            "Take it back",
        )
    };
    let form = visit
        .form::<LeavePartnersInput>()
        .hidden(LeavePartnersInput::app(), &view.app)
        .hidden(LeavePartnersInput::version(), &version)
        .show(|form| {
            let sure = held.then(|| view! { <Confirm of=form.at(LeavePartnersInput::sure()) /> });
            view! {
                {sure}
                <Button weight=Weight::Danger>{button}</Button>
            }
        });
    Some(
        view! {
            <Card title=title id="leave">
                <p>{text}</p>
                {form}
            </Card>
        }
        .into_any(),
    )
}
