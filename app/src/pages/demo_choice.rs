//! The demo's people on the sign-in page: what to try first, and everybody by what they do.

use super::application::asked_text;
use crate::{
    components::{Button, Weight},
    web::Visit,
};
use casework::{
    accounts::DemoSignInInput,
    queries::{DemoPerson, Waiting, Work},
};
use leptos::prelude::*;
use workflow::Timestamp;

/// One click per person of the demo.
pub(super) fn demo_choice(
    visit: &Visit,
    people: Vec<DemoPerson>,
    next: Option<&String>,
) -> impl IntoView + use<> {
    // Whoever is on the way to a page is sent there, and to no other.
    let tries = next.is_none().then(|| {
        let tries = [Work::Reviewing, Work::Developing, Work::Checking]
            .into_iter()
            .filter_map(|work| {
                let busiest = people
                    .iter()
                    .filter(|person| person.work == work)
                    .rev()
                    .max_by_key(|person| person.busy())?;
                Some(proposal(visit, busiest))
            })
            .collect_view();
        view! {
            <section class="card" aria-labelledby="demo-tries">
                <h2 id="demo-tries">"This is a demo"</h2>
                <p>"Nothing here is real, and nothing leaves the demo. A first thing to try:"</p>
                <ul class="plain demo-tries">{tries}</ul>
            </section>
        }
    });
    let groups = Work::ALL
        .into_iter()
        .filter_map(|work| {
            let items: Vec<_> = people
                .iter()
                .filter(|person| person.work == work)
                .map(|person| one(visit, person, next))
                .collect();
            let id = format!("demo-{work:?}").to_lowercase();
            (!items.is_empty()).then(|| {
                view! {
                    <section aria-labelledby=id.clone()>
                        <h3 id=id.clone()>{work.label()}</h3>
                        <ul class="plain demo-people">{items}</ul>
                    </section>
                }
            })
        })
        .collect_view();
    view! {
        {tries}
        <section class="card" aria-labelledby="demo-people">
            <h2 id="demo-people">"Be one of its people"</h2>
            <p>"One click signs you in; no password is asked for."</p>
            {groups}
        </section>
    }
}

/// What a visitor could do first, as somebody for whom something waits.
fn proposal(visit: &Visit, person: &DemoPerson) -> impl IntoView + use<> {
    let (title, text, place) = match &person.waiting {
        Waiting::Asked { app, case, .. } => (
            "As a developer",
            format!(
                "Open {case}, the application of {app}. See whose turn it is, and do what is asked."
            ),
            format!("/applications/{case}"),
        ),
        Waiting::Apps { .. } => (
            "As a developer",
            "Create an app, and begin its application for Limited Access.".to_owned(),
            "/apps".to_owned(),
        ),
        Waiting::Cases { mine: 0, .. } => (
            "As a reviewer",
            "Get the next application from the queue, and ask its developer one question."
                .to_owned(),
            "/queue?view=needs_reviewer".to_owned(),
        ),
        Waiting::Record(_) => (
            "As a compliance officer",
            "Look up who decided what and why, and have the whole record verified.".to_owned(),
            "/audit".to_owned(),
        ),
        _ => (
            "As a reviewer",
            "Open an application that waits for you, go through its checklist, and ask its developer one question.".to_owned(),
            "/queue?view=my_turn".to_owned(),
        ),
    };
    let words = format!("Start as {}", person.name);
    let form = visit
        .form::<DemoSignInInput>()
        .id(format!("try-{}", person.username))
        .inline()
        .hidden(DemoSignInInput::username(), &person.username)
        .hidden(DemoSignInInput::next(), &Some(place))
        .show(|_| view! { <Button weight=Weight::Quiet>{words}</Button> });
    view! {
        <li>
            <h3>{title}</h3>
            <p>{text}</p>
            {form}
        </li>
    }
}

fn one(visit: &Visit, person: &DemoPerson, next: Option<&String>) -> impl IntoView + use<> {
    let roles: Vec<&str> = person.roles.iter().map(|role| role.label()).collect();
    let mut about = roles.join(", ");
    if person.work == Work::Developing {
        about = person.organisation.clone();
    }
    let waits = waiting_text(&person.waiting, visit.now());
    let name = person.name.clone();
    let form = visit
        .form::<DemoSignInInput>()
        .id(format!("be-{}", person.username))
        .inline()
        .hidden(DemoSignInInput::username(), &person.username)
        .hidden(DemoSignInInput::next(), &next.cloned())
        .show(|_| {
            view! {
                <Button weight=Weight::Quiet>{name}</Button>
                <div>
                    <div>{waits}</div>
                    {(!about.is_empty()).then(|| view! { <div class="quiet-text">{about}</div> })}
                </div>
            }
        });
    view! { <li>{form}</li> }
}

/// What waits for a person, in a line.
fn waiting_text(waiting: &Waiting, now: Timestamp) -> String {
    let some = |count: u64, one: &str, more: &str| match count {
        0 => None,
        1 => Some(format!("One {one}")),
        count => Some(format!("{count} {more}")),
    };
    let both = |first: Option<String>, second: Option<String>| {
        let told: Vec<String> = [first, second].into_iter().flatten().collect();
        if told.is_empty() {
            "Nothing waits".to_owned()
        } else {
            told.join(". ")
        }
    };
    match waiting {
        Waiting::Asked {
            app, asked, others, ..
        } => {
            let more = u64::try_from(*others).unwrap_or(0);
            both(
                Some(format!("{app}: {}", asked_text(*asked, now))),
                some(more, "more asks something", "more ask something"),
            )
        }
        Waiting::Apps { count: 0, .. } => "No app yet".to_owned(),
        Waiting::Apps { count, asked } => {
            let apps = match count {
                1 => "One app".to_owned(),
                count => format!("{count} apps"),
            };
            match asked {
                0 => format!("{apps}; nothing is asked"),
                1 => format!("{apps}; one thing is asked"),
                asked => format!("{apps}; {asked} things are asked"),
            }
        }
        Waiting::Cases { mine, to_take } => both(
            some(*mine, "application to review", "applications to review"),
            some(*to_take, "to take", "to take"),
        ),
        Waiting::Unassigned { cases, overdue } => both(
            some(
                *cases,
                "application without a reviewer",
                "applications without a reviewer",
            ),
            some(*overdue, "is overdue", "are overdue"),
        ),
        Waiting::Decisions(count) => both(some(*count, "decision waits", "decisions wait"), None),
        Waiting::Record(count) => both(some(*count, "event on record", "events on record"), None),
        Waiting::Requests { mine, to_take } => both(
            some(*mine, "request to answer", "requests to answer"),
            some(*to_take, "to take", "to take"),
        ),
        Waiting::Partners(count) => both(
            some(*count, "partner to look at", "partners to look at"),
            None,
        ),
        Waiting::Desk {
            confirmations,
            letters,
        } => both(
            some(*confirmations, "change to confirm", "changes to confirm"),
            some(*letters, "letter did not go out", "letters did not go out"),
        ),
    }
}
