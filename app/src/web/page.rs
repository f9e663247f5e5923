//! Answering with a page.

use super::{
    Problem, Visit,
    carry_out::{see_other, sign_in_path},
    set_status,
    visit::typed,
};
use crate::components::{
    DeveloperFrame, ErrorSummary, NavEntry, NavGroup, Notice, Pic, StaffFrame, Tone, Viewer, Width,
};
use casework::{
    Caller, Error, Result,
    kept::{self, Kept},
};
use leptos::prelude::*;
use leptos_meta::Title;
use std::{future::Future, sync::Arc};
use uuid::Uuid;
use workflow::Role;

/// The frame around a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Frame {
    /// The one of whoever is signed in: staff get the rail, everybody else the bar.
    #[default]
    Own,
    /// The developers' bar, also for staff.
    Developer,
    /// One short form alone.
    Narrow,
}

/// A page that is ready to be drawn.
pub struct Page {
    title: String,
    body: AnyView,
    frame: Frame,
}

impl Page {
    /// In the frame of whoever looks.
    pub fn new(title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self {
            title: title.into(),
            body: body.into_any(),
            frame: Frame::Own,
        }
    }

    /// In the developers' frame, roomy.
    pub fn developer(title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self {
            frame: Frame::Developer,
            ..Self::new(title, body)
        }
    }

    /// One short form alone.
    pub fn narrow(title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self {
            frame: Frame::Narrow,
            ..Self::new(title, body)
        }
    }
}

/// Loads and draws a page. Whoever must sign in first is sent there and comes back; every other
/// error is a page of its own with the right status.
pub fn page<F>(load: impl FnOnce(Visit) -> F + Send + 'static) -> impl IntoView
where
    F: Future<Output = Result<Page>> + Send + 'static,
{
    let answer = async move {
        let mut visit = match Visit::current() {
            Ok(visit) => visit,
            Err(error) => return problem_page(None, &error).into_any(),
        };
        if let Some(id) = visit.query("kept").and_then(|id| id.parse().ok()) {
            visit.kept = came_back(&visit, id).await.map(Arc::new);
        }
        match load(visit.clone()).await {
            Ok(page) => {
                if let Some(kept) = &visit.kept {
                    set_status(kept.status);
                }
                draw(&visit, page).into_any()
            }
            Err(Error::SignedOut) => {
                see_other(&sign_in_path(&visit.here()));
                ().into_any()
            }
            Err(error) => problem_page(Some(&visit), &error).into_any(),
        }
    };
    view! { <Suspense>{Suspend::new(answer)}</Suspense> }
}

/// The kept form of this id: the person's, or of this browser from before the sign-in.
async fn came_back(visit: &Visit, id: Uuid) -> Option<Kept> {
    for owner in [&visit.owner(), &visit.browser] {
        if let Ok(Some(kept)) = kept::find(&visit.desk, owner, id).await {
            return Some(kept);
        }
    }
    None
}

fn draw(visit: &Visit, page: Page) -> impl IntoView + use<> {
    let caller = visit.caller().ok().cloned();
    let path = visit.path.clone();
    let title = format!("{} · Upgrade Desk", page.title);
    let staff = caller.as_ref().is_some_and(Caller::is_staff);
    let body = view! {
        <Title text=title_text(&title) />
        {messages(visit)}
        {page.body}
    };
    match (page.frame, caller) {
        (Frame::Own, Some(caller)) if staff => view! {
            <StaffFrame viewer=viewer(&caller, visit) nav=staff_nav(&caller, &path)>
                {body}
            </StaffFrame>
        }
        .into_any(),
        (frame, caller) => {
            let nav = caller
                .as_ref()
                .map(|caller| developer_nav(caller, &path))
                .unwrap_or_default();
            let viewer = caller.as_ref().map(|caller| viewer(caller, visit));
            let width = match frame {
                Frame::Narrow => Width::Narrow,
                _ => Width::Wide,
            };
            view! {
                <DeveloperFrame viewer=viewer nav=nav width=width>
                    {body}
                </DeveloperFrame>
            }
            .into_any()
        }
    }
}

/// What is to be read first: what was just done, what changed meanwhile, what needs mending.
fn messages(visit: &Visit) -> impl IntoView + use<> {
    let done = visit.query("done").and_then(done_text).map(|text| {
        view! {
            <Notice tone=Tone::Done>
                <p>{text}</p>
            </Notice>
        }
    });
    let kept = visit.kept.clone();
    let conflict = kept.as_ref().filter(|kept| kept.status == 409).map(|kept| {
        let changes = kept
            .changes
            .iter()
            .map(|change| {
                let at = change.at;
                view! {
                    <li>
                        {change.who.clone()} " " {change.what.clone()} ", "
                        <crate::components::Time at=at />
                    </li>
                }
            })
            .collect_view();
        let message = kept.message.clone();
        view! {
            <Notice tone=Tone::Attention>
                <p>{message} " What you typed is still in the form."</p>
                <ul>{changes}</ul>
            </Notice>
        }
    });
    let summary = kept
        .filter(|kept| kept.status != 409)
        .map(|kept| view! { <ErrorSummary form=kept.form.clone() typed=typed(&kept) /> });
    view! {
        {done}
        {conflict}
        {summary}
    }
}

/// The sentence of `?done=clarification-requested`: only lower-case words, so that nobody can put
/// words of their own into our page.
fn done_text(word: &str) -> Option<String> {
    let plain = !word.is_empty()
        && word.len() <= 60
        && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    plain.then(|| {
        let mut text = word.replace('-', " ");
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        text.push('.');
        text
    })
}

fn viewer(caller: &Caller, visit: &Visit) -> Viewer {
    let roles: Vec<&str> = caller.roles.iter().map(|role| role.label()).collect();
    let mut links = Vec::new();
    if visit.mode.demo {
        links.push(("Demo mail".to_owned(), "/demo/mail".to_owned()));
        links.push(("Be someone else".to_owned(), "/sign-in".to_owned()));
    }
    Viewer {
        name: caller.name.clone(),
        roles: roles.join(", "),
        links,
    }
}

fn developer_nav(caller: &Caller, path: &str) -> Vec<NavEntry> {
    // Also to those who are no developers: an invitation may wait there.
    let mut nav = vec![NavEntry::new("My apps", "/apps").at(path)];
    if caller.is_staff() {
        nav.push(NavEntry::new("Staff pages", "/").at("-"));
    }
    nav
}

fn staff_nav(caller: &Caller, path: &str) -> Vec<NavGroup> {
    let has = |roles: &[Role]| roles.iter().any(|role| caller.roles.contains(role));
    let entry = |label: &str, href: &str, pic: Pic| NavEntry::new(label, href).icon(pic).at(path);
    let mut cases = NavGroup::default();
    if has(&[
        Role::Reviewer,
        Role::CommercialReviewer,
        Role::TechnicalReviewer,
        Role::Lead,
        Role::Approver,
        Role::Compliance,
    ]) {
        cases.entries.push(entry("Queue", "/queue", Pic::Queue));
    }
    if has(&[Role::Compliance]) {
        cases.entries.push(entry("Audit", "/audit", Pic::Audit));
    }
    let mut settings = NavGroup {
        title: "Settings".to_owned(),
        ..Default::default()
    };
    if has(&[Role::Admin]) {
        settings
            .entries
            .push(entry("People", "/admin/people", Pic::People));
    }
    if has(&[Role::Admin, Role::Compliance]) {
        settings
            .entries
            .push(entry("Agreements", "/admin/agreements", Pic::File));
        settings
            .entries
            .push(entry("Checklists", "/admin/checklists", Pic::Check));
    }
    if has(&[Role::Admin]) {
        settings
            .entries
            .push(entry("Mail", "/admin/mail", Pic::Mail));
        settings
            .entries
            .push(entry("Settings", "/admin/settings", Pic::Settings));
    }
    let mut own = NavGroup::default();
    own.entries.push(entry("My apps", "/apps", Pic::App));
    [cases, settings, own]
        .into_iter()
        .filter(|group| !group.entries.is_empty())
        .collect()
}

fn problem_page(visit: Option<&Visit>, error: &Error) -> impl IntoView + use<> {
    problem(
        visit,
        Problem {
            status: error.status(),
            text: error.to_string(),
        },
    )
}

/// What stands in the way, as a page with its status.
pub(super) fn problem(visit: Option<&Visit>, problem: Problem) -> impl IntoView + use<> {
    set_status(problem.status);
    let title = problem.title();
    let body = view! {
        <h1>{title}</h1>
        <p>{problem.text}</p>
        <p>
            <a href="/">"Go to the start page"</a>
        </p>
    };
    match visit {
        Some(visit) => draw(visit, Page::new(title, body)).into_any(),
        None => view! {
            <Title text=format!("{title} · Upgrade Desk") />
            <DeveloperFrame>{body}</DeveloperFrame>
        }
        .into_any(),
    }
}

/// Text as the content of `<title>`, which `leptos_meta` writes as it is.
fn title_text(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The page for an address that leads nowhere.
pub(crate) fn not_found() -> impl IntoView {
    page(|_| async { Err(Error::NotFound) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_become_a_notice() {
        assert_eq!(
            done_text("clarification-requested").as_deref(),
            Some("Clarification requested.")
        );
        assert_eq!(done_text("<b>"), None);
        assert_eq!(done_text(""), None);
    }
}
