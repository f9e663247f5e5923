//! Answering with a page.

use super::{
    Done, Problem, Visit,
    carry_out::{see_other, sign_in_path},
    next::with_parameter,
    set_status,
};
use crate::components::{
    Button, CameBack, DeveloperFrame, ErrorSummary, LeftOver, NavEntry, NavGroup, Notice, Pic,
    StaffFrame, Tone, Viewer, Weight, Width,
};
use crate::islands::KeepTyped;
use crate::pages::open::{OPEN_PAGES, visitor_nav};
use casework::{
    Caller, Error, Result,
    kept::{self, ForgetKeptInput, Waiting},
    paging::Count,
    queries::unread,
    words::moment,
};
use leptos::prelude::*;
use leptos_meta::{Link, Meta, Title};
use leptos_router::params::ParamsMap;
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
    /// What it is about, to whom a search engine shows it.
    description: String,
    /// Its address, where it has others; nothing for a page that nobody finds from outside.
    canonical: Option<String>,
    /// Where to go instead.
    elsewhere: Option<String>,
    /// It only says what stands in the way.
    is_problem: bool,
}

impl Page {
    /// In the frame of whoever looks.
    pub fn new(title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self {
            title: title.into(),
            body: body.into_any(),
            frame: Frame::Own,
            description: String::new(),
            canonical: None,
            elsewhere: None,
            is_problem: false,
        }
    }

    /// Another page instead, which shows what came back to this one.
    pub fn elsewhere(path: impl Into<String>) -> Self {
        Self {
            elsewhere: Some(path.into()),
            ..Self::new("", ())
        }
    }

    /// In the developers' frame, roomy.
    pub fn developer(title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self {
            frame: Frame::Developer,
            ..Self::new(title, body)
        }
    }

    /// With a line on what it is about: a page that can be found from outside.
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The one address of a page that has several.
    pub fn canonical(mut self, path: impl Into<String>) -> Self {
        self.canonical = Some(path.into());
        self
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
    // Beyond the first `await` the router's context is gone.
    let params = use_context::<ArcMemo<ParamsMap>>().map(|params| params.get_untracked());
    let answer = async move {
        let mut visit = match Visit::current() {
            Ok(visit) => visit,
            Err(error) => return problem_page(None, &error).into_any(),
        };
        visit.params = params.unwrap_or_default();
        if let Some(id) = visit.query("kept").and_then(|id| id.parse().ok()) {
            visit.kept = came_back(&visit, id).await;
        }
        let loaded = load(visit.clone()).await;
        visit.unread = unread_of(&visit).await;
        visit.waiting = waiting_at(&visit).await;
        match loaded {
            Ok(Page {
                elsewhere: Some(path),
                ..
            }) => {
                let kept = visit.kept.map(|came_back| came_back.kept.id.to_string());
                see_other(
                    &kept.map_or_else(|| path.clone(), |id| with_parameter(&path, "kept", &id)),
                );
                ().into_any()
            }
            Ok(page) => {
                if let Some(came_back) = &visit.kept
                    && !came_back.was_signed_out()
                {
                    set_status(came_back.kept.status);
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

/// How much is unread; a page does without it where the inbox does not answer.
async fn unread_of(visit: &Visit) -> Count {
    let Ok(caller) = visit.caller() else {
        return Count::default();
    };
    match unread(&visit.desk, caller).await {
        Ok(unread) => unread,
        Err(error) => {
            tracing::warn!(%error, "what is unread cannot be counted");
            Count::default()
        }
    }
}

/// What was typed into a form of this page, refused and left; a page does without it where it cannot be
/// looked up.
async fn waiting_at(visit: &Visit) -> Option<Waiting> {
    let person = visit.caller().ok()?.person;
    if visit.kept.is_some() {
        return None;
    }
    match kept::waiting_at(&visit.desk, person, &visit.path).await {
        Ok(waiting) => waiting,
        Err(error) => {
            tracing::warn!(%error, "what waits at a page cannot be looked up");
            None
        }
    }
}

/// The way to what was typed and not taken.
fn was_not_taken(visit: &Visit, waiting: &Waiting) -> impl IntoView + use<> {
    let href = with_parameter(&waiting.page, "kept", &waiting.id.to_string());
    let said = format!("What you typed on {} was not taken. ", moment(waiting.at));
    let discard = visit
        .form::<ForgetKeptInput>()
        .inline()
        .hidden(ForgetKeptInput::typed(), &waiting.id)
        .show(|_| view! { <Button weight=Weight::Link>"Discard it"</Button> });
    view! {
        <Notice tone=Tone::Attention>
            <p>{said} <a href=href>"Go on with it"</a></p>
            {discard}
        </Notice>
    }
}

/// The kept form of this id: the person's, or of this browser from before the sign-in.
async fn came_back(visit: &Visit, id: Uuid) -> Option<Arc<CameBack>> {
    match kept::find(&visit.desk, &visit.owners(), id).await {
        Ok(kept) => kept.map(CameBack::new).map(Arc::new),
        Err(error) => {
            tracing::warn!(%error, "a kept form cannot be read");
            None
        }
    }
}

fn draw(visit: &Visit, page: Page) -> impl IntoView + use<> {
    let caller = visit.caller().ok().cloned();
    let path = visit.path.clone();
    let error = visit.kept.as_deref().is_some_and(CameBack::is_refused);
    let error = if error { "Error: " } else { "" };
    let title = format!("{error}{} · Upgrade Desk", page.title);
    let staff = caller.as_ref().is_some_and(Caller::is_staff);
    let found = found_by(visit, page.description, page.canonical);
    // A page that only says what stands in the way tells nothing of what has arrived.
    let keep_typed = caller.as_ref().filter(|_| !page.is_problem).map(|caller| {
        let person = caller.person.to_string();
        view! { <KeepTyped person=person /> }
    });
    let body = view! {
        <Title text=title_text(&title) />
        {found}
        {messages(visit, page.is_problem)}
        {page.body}
        {keep_typed}
    };
    match (page.frame, caller) {
        (Frame::Own, Some(caller)) if staff => view! {
            <StaffFrame
                viewer=viewer(&caller, visit)
                nav=staff_nav(&caller, visit)
                keys_off=visit.session.as_ref().is_some_and(|session| session.keys_off)
            >
                {body}
            </StaffFrame>
        }
        .into_any(),
        (frame, caller) => {
            let nav = caller
                .as_ref()
                .map_or_else(|| visitor_nav(&path), |caller| developer_nav(caller, visit));
            let viewer = caller.as_ref().map(|caller| viewer(caller, visit));
            let width = match frame {
                Frame::Narrow => Width::Narrow,
                _ => Width::Wide,
            };
            view! {
                <DeveloperFrame viewer=viewer nav=nav width=width foot=&OPEN_PAGES>
                    {body}
                </DeveloperFrame>
            }
            .into_any()
        }
    }
}

/// What search engines are told of a page; nothing of one that is not meant for them.
fn found_by(
    visit: &Visit,
    description: String,
    canonical: Option<String>,
) -> Option<impl IntoView + use<>> {
    let path = canonical.unwrap_or_else(|| visit.path.clone());
    let address = visit.desk.base_url.join(&path).ok()?.to_string();
    (!description.is_empty()).then(|| {
        view! {
            <Meta name="description" content=description />
            <Link rel="canonical" href=address />
        }
    })
}

/// What is to be read first: what was just done, what changed meanwhile, what needs correcting, and
/// what was typed that the page has no place for. Made after the page, whose places it knows.
fn messages(visit: &Visit, is_problem: bool) -> impl IntoView + use<> {
    let done = Done::told_to(visit).map(|done| {
        view! {
            <Notice tone=Tone::Done>
                <p>{done.text()}</p>
            </Notice>
        }
    });
    let came_back = visit.kept.clone().map(|came_back| {
        let notice = why_it_came_back(&came_back);
        let faults =
            (!came_back.is_said()).then(|| view! { <ErrorSummary came_back=came_back.clone() /> });
        view! {
            {notice}
            {faults}
            <LeftOver came_back=came_back />
        }
    });
    let waiting = visit
        .waiting
        .as_ref()
        // A page that only says what stands in the way has nowhere to go on with it.
        .filter(|_| !is_problem)
        .map(|waiting| was_not_taken(visit, waiting));
    view! {
        <div class="messages" id="notices" data-pane>
            {done}
            {waiting}
            {came_back}
        </div>
    }
}

/// What happened meanwhile, where that is why a form came back.
fn why_it_came_back(came_back: &CameBack) -> Option<AnyView> {
    let has_form = came_back.has_form();
    if came_back.is_preview() {
        let message = came_back.kept.message.clone();
        let (href, words) = if message == Error::Preview.to_string() {
            ("#preview".to_owned(), "Go to the preview")
        } else {
            (format!("#{}", came_back.kept.form), "Go to the form")
        };
        return Some(
            view! {
                <Notice tone=Tone::Info>
                    <p>
                        {message} " " <a href=href>{words}</a>
                    </p>
                </Notice>
            }
            .into_any(),
        );
    }
    let text = if came_back.was_signed_out() {
        if has_form {
            "You were signed out before this was sent. What you typed is in the form: send it again.".to_owned()
        } else {
            "You were signed out before this was sent.".to_owned()
        }
    } else if came_back.is_conflict() {
        let message = &came_back.kept.message;
        if has_form && came_back.left_over().is_empty() {
            format!("{message} What you typed is still in the form.")
        } else {
            message.clone()
        }
    } else {
        return None;
    };
    let changes = came_back
        .kept
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
        .collect::<Vec<_>>();
    let changes = (!changes.is_empty()).then(|| view! { <ul>{changes}</ul> });
    Some(
        view! {
            <Notice tone=Tone::Attention>
                <p>{text}</p>
                {changes}
            </Notice>
        }
        .into_any(),
    )
}

fn viewer(caller: &Caller, visit: &Visit) -> Viewer {
    let roles: Vec<&str> = caller.roles.iter().map(|role| role.label()).collect();
    let mut links = vec![("Your account".to_owned(), "/account".to_owned())];
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

fn developer_nav(caller: &Caller, visit: &Visit) -> Vec<NavEntry> {
    let path = visit.path.as_str();
    // Also to those who are no developers: an invitation may wait there.
    let mut nav = vec![
        NavEntry::new("My apps", "/apps").at(path),
        NavEntry::new("Inbox", "/inbox")
            .at(path)
            .waits(visit.unread),
        NavEntry::new("Guides", "/guides").at(path),
        NavEntry::new("Gallery", "/gallery").at(path),
        NavEntry::new("Partners", "/partners").at(path),
        NavEntry::new("Support", "/support").at(path),
    ];
    if caller.is_staff() {
        nav.push(NavEntry::new("Staff pages", "/").at("-"));
    }
    nav
}

pub(crate) fn staff_nav(caller: &Caller, visit: &Visit) -> Vec<NavGroup> {
    let path = visit.path.as_str();
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
        cases
            .entries
            .push(entry("Changed pages", "/changes", Pic::File));
    }
    if has(&[Role::Lead]) {
        cases
            .entries
            .push(entry("Workload", "/workload", Pic::People));
    }
    if has(&[Role::PartnerManager, Role::Compliance]) {
        cases
            .entries
            .push(entry("Gallery", "/gallery/review", Pic::App));
    }
    if has(&[Role::Support, Role::Compliance]) {
        cases
            .entries
            .push(entry("Support", "/support/queue", Pic::Info));
    }
    if has(&[Role::PartnerManager, Role::Approver, Role::Compliance]) {
        cases
            .entries
            .push(entry("Partners", "/partners", Pic::Check));
    }
    if has(&[Role::Compliance]) {
        cases.entries.push(entry("Audit", "/audit", Pic::Audit));
    }
    cases.entries.push(entry("Find", "/find", Pic::Search));
    let inbox = entry("Inbox", "/inbox", Pic::Inbox).waits(visit.unread);
    cases.entries.push(inbox);
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
        settings
            .entries
            .push(entry("Open pages", "/admin/guides", Pic::File));
    }
    if has(&[Role::Admin]) {
        settings
            .entries
            .push(entry("Canned texts", "/support/texts", Pic::Info));
        settings
            .entries
            .push(entry("Mail", "/admin/mail", Pic::Mail));
        settings
            .entries
            .push(entry("Gateways", "/admin/gateways", Pic::Key));
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

/// Where new links are asked for.
fn new_links() -> impl IntoView {
    view! {
        <ul>
            <li>
                "To confirm your address: " <a href="/sign-in">"sign in"</a>
                " with your password, and a new link is sent to you."
            </li>
            <li>
                "For a new password: " <a href="/forgot">"ask for another link"</a> "."
            </li>
            <li>
                "For another address of your account: where both addresses have confirmed, it is changed already; else "
                <a href="/account/email">"begin again"</a> "."
            </li>
        </ul>
    }
}

/// What stands in the way, as a page with its status.
pub(super) fn problem(visit: Option<&Visit>, problem: Problem) -> impl IntoView + use<> {
    set_status(problem.status);
    let title = problem.title();
    let body = view! {
        <h1>{title}</h1>
        <p>{problem.text}</p>
        {(problem.status == Error::LinkExpired.status()).then(new_links)}
        <p>
            <a href="/">"Go to the start page"</a>
        </p>
    };
    match visit {
        Some(visit) => {
            let mut page = Page::new(title, body);
            page.is_problem = true;
            draw(visit, page).into_any()
        }
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
