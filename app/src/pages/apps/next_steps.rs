//! The list of what to do next, which fills itself.

use crate::components::{Card, Icon, Pic};
use casework::queries::{AppProfile, DataEnvironment, NextSteps, Todo};
use leptos::prelude::*;
use workflow::state::{AccessLevel, StateKind};

/// The list of an app.
pub(super) fn of_app(app: &AppProfile) -> impl IntoView + use<> {
    let title = match app.next.level {
        AccessLevel::Sandbox => "Next: from sandbox to real readings",
        AccessLevel::Limited => "Next: your first users",
        AccessLevel::Full => "Next: with Full Access",
    };
    list(&app.next, title, Some(app))
}

/// The list of someone who has no app yet.
pub(super) fn without_app() -> impl IntoView {
    list(&NextSteps::without_app(), "Your first day", None)
}

fn list(steps: &NextSteps, title: &'static str, app: Option<&AppProfile>) -> impl IntoView + use<> {
    let next = steps.next();
    let done = steps.steps.iter().filter(|step| step.done).count();
    let count = format!(
        "{done} of {} done. The list fills itself.",
        steps.steps.len()
    );
    let items: Vec<_> = steps
        .steps
        .iter()
        .map(|step| item(step.todo, step.done, next == Some(step.todo), app))
        .collect();
    let lead = if next.is_none() && app.is_some_and(|app| app.suspended.is_some()) {
        "Nothing else can be done while access is suspended.".to_owned()
    } else if next.is_none() {
        match steps.level {
            AccessLevel::Full => "All of it is done.",
            _ => "All of it is done for now. We write to you when we need something.",
        }
        .to_owned()
    } else {
        count
    };
    // What happens in the sandbox is not on record here, so that no step of the list can tell of it.
    let first_call = (steps.level == AccessLevel::Sandbox).then(|| {
        let when = match app {
            Some(_) => "At any time you can ",
            None => "As soon as your app is made you can ",
        };
        view! {
            <p>
                {when} <a href="/sandbox#first-call">"make a first call in the sandbox"</a> "."
            </p>
        }
    });
    view! {
        <Card title=title id="next-steps">
            <p class="quiet-text">{lead}</p>
            <ol class="plain stepper next-steps">{items}</ol>
            {first_call}
        </Card>
    }
}

fn item(todo: Todo, done: bool, is_next: bool, app: Option<&AppProfile>) -> impl IntoView + use<> {
    let (name, hint) = words(todo);
    let (state, said) = match (done, is_next) {
        (true, _) => ("done", "done"),
        (false, true) => ("here", "next"),
        (false, false) => ("ahead", "still to do"),
    };
    let dot = done.then(|| view! { <Icon pic=Pic::Check /> });
    let name = match place(todo, app).filter(|_| !done) {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    let hint = (!done).then(|| view! { <div class="note">{hint}</div> });
    view! {
        <li data-step=state>
            <span class="dot" aria-hidden="true">{dot}</span>
            <div>
                <div class="name">
                    {name} <span class="visually-hidden">{format!(" ({said})")}</span>
                </div>
                {hint}
            </div>
        </li>
    }
}

/// What is to be done, and why.
const fn words(todo: Todo) -> (&'static str, &'static str) {
    match todo {
        Todo::Register => ("Register and confirm your address", ""),
        Todo::CreateApp => (
            "Create your app",
            "It gets its client id and secret for the sandbox at once.",
        ),
        Todo::Describe => (
            "Say what it does and where its website is",
            "Reviewers read it first.",
        ),
        Todo::Redirects(DataEnvironment::Sandbox) => (
            "Say where users are sent back to, in the sandbox",
            "Redirect URIs: the only addresses that a sign-in ends at.",
        ),
        Todo::Redirects(DataEnvironment::Production) => (
            "Say where users are sent back to, in production",
            "Redirect URIs: the only addresses that a sign-in ends at.",
        ),
        Todo::ProductionSecret => (
            "Make the client secret for production",
            "Production has one of its own.",
        ),
        Todo::SecondOwner => (
            "Have a second owner who may sign",
            "So that the app does not depend on one person.",
        ),
        Todo::Start(AccessLevel::Full) => (
            "Begin the application for Full Access",
            "It lifts the limit on how many users may authorise the app.",
        ),
        Todo::Start(_) => (
            "Begin the application for Limited Access",
            "With it, real users may authorise the app. The form keeps what you have typed.",
        ),
        Todo::Submit(_) => (
            "Submit it",
            "We check that it is complete, review it, and write to you at each step.",
        ),
        Todo::FirstUser => (
            "Have a first user authorise the app",
            "Counted as soon as the authorisation server tells us.",
        ),
        Todo::FirstServed => (
            "Read a first user's data in production",
            "Counted once a day, by how many users were served.",
        ),
        Todo::BecomePartner => (
            "Apply to become a Digital Health Partner",
            "The page says which criteria the app meets already.",
        ),
        Todo::WriteEntry => (
            "Write its entry in the gallery",
            "What everybody reads about it, with pictures.",
        ),
        Todo::SendEntryIn => ("Send the entry in", "We look at it before it is published."),
    }
}

/// Where it is done.
fn place(todo: Todo, app: Option<&AppProfile>) -> Option<String> {
    let Some(app) = app else {
        return (todo == Todo::CreateApp).then(|| "/apps/new".to_owned());
    };
    let on = |page: &str| Some(format!("/apps/{}{page}", app.id));
    match todo {
        Todo::Register | Todo::CreateApp => None,
        Todo::Describe => on("/edit").filter(|_| app.may_edit),
        Todo::Redirects(at) => {
            on(&format!("/redirects?environment={}", at.word())).filter(|_| app.may_replace_secret)
        }
        Todo::ProductionSecret => {
            on("/secret?environment=production").filter(|_| app.may_replace_secret)
        }
        Todo::SecondOwner => on("/members").filter(|_| app.may_manage_members),
        Todo::Start(_) => on("#access").filter(|_| !app.may_apply_for.is_empty()),
        Todo::Submit(_) => app
            .applications
            .first()
            .filter(|brief| brief.state.kind() == StateKind::Draft)
            .map(|brief| format!("/applications/{}/form", brief.number)),
        Todo::FirstUser | Todo::FirstServed => Some("/environments".to_owned()),
        Todo::BecomePartner => Some(format!("/partners/{}", app.id)),
        Todo::WriteEntry | Todo::SendEntryIn => on("/gallery"),
    }
}
