//! The staff's page of a case: what it is, what can be done now, its tasks, what happened.

mod aside;
mod changed;
mod checklist;
mod cited;
mod findings;
mod left;
mod outcome;
mod pace;
mod panel;
mod pending;
mod place;
mod questions;
mod reopened;
mod review;
mod step_pages;
mod submission;
mod tasks;
mod timeline;
mod viewer;

pub use pending::PendingReviewsPage;
pub use step_pages::CaseStepPage;

use place::Place;

use crate::{
    components::{
        ActionBar, ButtonLink, CASE_KEYS, CaseHead, CaseHeadFacts, Day, Due, KeysHelp, NotNow,
        Notice, Tasks, Tone, Weight,
    },
    islands::{LiveCase, Presence, Workspace},
    steps::{
        cases::{
            About, assign::TakeForm, confirm_complete::ConfirmCompleteForm,
            pass_track::PassTrackForm, review::BeginReviewForm,
        },
        stuck::AnswerStuckForm,
    },
    web::{Page, Visit, page},
};
use casework::{
    Caller,
    accounts::Means,
    queries::{
        Approval, UsersSeen, approval_of_case,
        case_page::{CasePage, Lies, Looking, case_page},
        users_of_case,
    },
};
use leptos::prelude::*;
use workflow::{
    ActionKind, CaseNumber, StateKind,
    state::{AccessLevel, Seat},
};

/// `/cases/UD-1042`.
#[component]
pub fn CaseScreen() -> impl IntoView {
    page(|visit| async move {
        let number = visit.at("number")?;
        let before = visit.query("before").and_then(|seq| seq.parse().ok());
        let caller = visit.caller()?.clone();
        let case = case_page(&visit.desk, &caller, number, before).await?;
        // Only an approved case can have given what is watched.
        let approval = match case.case.state.kind() {
            StateKind::Approved => approval_of_case(&visit.desk, &caller, number).await?,
            _ => None,
        };
        let users = match case.app.level {
            AccessLevel::Sandbox => None,
            _ => users_of_case(&visit.desk, &caller, number).await?,
        };
        let title = format!("{number} {}", case.app.name);
        let around = Around { approval, users };
        Ok(Page::new(title, body(&visit, &caller, &case, &around)))
    })
}

/// What is known of the app around the case.
struct Around {
    approval: Option<Approval>,
    users: Option<UsersSeen>,
}

/// What the forms on this page need to know.
fn about(visit: &Visit, page: &CasePage) -> About {
    About {
        case: page.case.number,
        seen: page.seen,
        gathers: page.own_review().is_some(),
        back: Place::of(visit, page.case.number).href(),
        visit: visit.clone(),
        means: Means::default(),
    }
}

/// The address of a step's own page.
fn step_path(case: CaseNumber, step: &str) -> String {
    format!("/cases/{case}/{step}")
}

fn body(visit: &Visit, caller: &Caller, page: &CasePage, around: &Around) -> impl IntoView + use<> {
    let about = about(visit, page);
    let place = Place::of(visit, page.case.number);
    let left = left::left(visit, caller, page, around, &about, &place).into_any();
    let tasks = tasks::tasks(caller, page, &about, &place);
    view! {
        <CaseHead facts=head(visit, page) />
        {live(caller, page)}
        <div class="case-top" id="case-top" data-pane>
            {after_approval(page)} {review::notices(page)} {changed::notice(page, &about)} {handed_over(page)} {stuck(visit, page)}
            {action_bar(caller, page, &about)} {left::halves(&place)}
        </div>
        <div class="workspace" data-half=place.half.word()>
            {left} <section class="half work" aria-label="The work">
                <div id="work" class="pane-body" data-pane>
                    <Tasks>{tasks}</Tasks>
                </div>
            </section>
        </div>
        <Workspace />
        <KeysHelp keys=CASE_KEYS />
    }
}

/// What others do with the case, as they do it, and that the reader has it open.
fn live(caller: &Caller, page: &CasePage) -> impl IntoView + use<> {
    let (writing, viewing): (Vec<_>, Vec<_>) =
        page.looking.iter().partition(|looking| looking.writes);
    let names = |of: Vec<&Looking>| of.into_iter().map(|one| one.name.clone()).collect();
    let (person, case) = (caller.person.to_string(), page.case.number.to_string());
    view! {
        <LiveCase
            person=person
            case=case.clone()
            from=page.last
            viewing=names(viewing)
            writing=names(writing)
        />
        <Presence case=case />
    }
}

/// What an approval left to be corrected, with the way to it.
fn after_approval(page: &CasePage) -> Option<impl IntoView + use<>> {
    if page.case.state.kind() != StateKind::Approved {
        return None;
    }
    let lines = page
        .case
        .dated_findings()
        .map(|(finding, due)| {
            let list = finding.list.word();
            let href = format!("?open={list}#finding-{}", finding.id);
            let item = page.item_label(finding.list, &finding.item);
            let so = if finding.is_reported() {
                "reported as corrected, to be tested again"
            } else {
                "the developer has not reported it as corrected"
            };
            view! {
                <p>
                    "To be corrected by " <Day at=due /> ": " <a href=href>{item}</a> " (" {so} ")"
                </p>
            }
        })
        .collect_view();
    (page.case.dated_findings().next().is_some())
        .then(|| view! { <Notice tone=Tone::Attention>{lines}</Notice> })
}

/// What was left for whoever holds a seat now, until they have taken a step.
fn handed_over(page: &CasePage) -> Option<impl IntoView + use<>> {
    let notes = &page.case.handed_over;
    let lines = notes
        .iter()
        .map(|(seat, left)| {
            let by = page.name(left.stamp.by);
            view! {
                <p>
                    {seat.label()} ", handed over by " <bdi>{by}</bdi> " on "
                    <Day at=left.stamp.at /> ":"
                </p>
                <p class="as-typed">{left.note.inside().to_owned()}</p>
            }
        })
        .collect_view();
    (!notes.is_empty()).then(|| view! { <Notice>{lines}</Notice> })
}

/// That the developer asks whether it is stuck, and the way to answer for who does.
fn stuck(visit: &Visit, page: &CasePage) -> Option<impl IntoView + use<>> {
    let ask = page.stuck.as_ref()?;
    let by = page.name(ask.by);
    let (at, text) = (ask.at, ask.text.clone());
    let text = (!text.is_empty()).then(|| view! { <p class="as-typed">{text}</p> });
    let answer = if page.may_answer_stuck {
        let number = page.case.number;
        view! { <AnswerStuckForm visit=visit.clone() number=number ask=ask.id /> }.into_any()
    } else {
        view! { <p class="soft">"A lead answers; it closes by itself when the case goes on."</p> }
            .into_any()
    };
    Some(view! {
        <div id="stuck">
            <Notice tone=Tone::Attention>
                <p>
                    <bdi>{by}</bdi> " asks whether it is stuck, since " <Day at=at /> "."
                </p>
                {text}
                {answer}
            </Notice>
        </div>
    })
}

/// The head that stays.
fn head(visit: &Visit, page: &CasePage) -> CaseHeadFacts {
    let known = visit.desk.reference.known();
    let now = visit.now();
    let case = &page.case;
    let kind = case.state.kind();
    CaseHeadFacts {
        number: case.number,
        app: page.app.name.clone(),
        logo: page.app.logo.clone().map(|logo| (page.app.id, logo)),
        organisation: page.app.organisation.clone(),
        level: case.level,
        state: kind,
        grant: case.grant.as_ref().map(|grant| grant.status),
        round: case.round,
        assignee: case
            .assignee()
            .map_or_else(|| "Nobody".to_owned(), |person| page.name(person)),
        due: page.due.map(|at| (at, Due::of(at, now, &known.calendar))),
        spent: page.spent,
        running: page.running,
    }
}

/// Whether the reader can take an empty seat with one press.
fn can_take(caller: &Caller, page: &CasePage, seat: Seat) -> bool {
    page.can(ActionKind::assign(seat))
        && caller.roles.contains(&seat.role())
        && !page.case.seats.contains_key(&seat)
        && !page.case.works_on_another_track(seat, caller.person)
}

/// What can be done about the case, the likely step first and filled.
fn action_bar(caller: &Caller, page: &CasePage, about: &About) -> impl IntoView + use<> {
    let mut weight = Weight::Primary;
    // The first button is the likely one.
    let mut next = || std::mem::replace(&mut weight, Weight::Quiet);
    let mut buttons: Vec<AnyView> = Vec::new();
    let take = |seat, weight| {
        view! { <TakeForm about=about.clone() seat=seat holder=None weight=weight place="-bar" /> }
            .into_any()
    };
    if can_take(caller, page, Seat::Case) {
        buttons.push(take(Seat::Case, next()));
    }
    if page.can(ActionKind::ConfirmComplete) {
        buttons
            .push(view! { <ConfirmCompleteForm about=about.clone() weight=next() /> }.into_any());
    }
    for track in page.case.level.tracks() {
        if page.can(ActionKind::pass(*track)) {
            buttons.push(
                view! { <PassTrackForm about=about.clone() track=*track weight=next() /> }
                    .into_any(),
            );
        }
    }
    for list in &page.lists {
        if page.can(ActionKind::check(list.kind))
            && let Some(item) = list.sheet.unmarked(&list.template).next()
        {
            let place = Place::of(&about.visit, page.case.number);
            let href = place.at_item(list.kind, &item.key).href();
            let words = ActionKind::check(list.kind).label();
            buttons.push(
                view! { <ButtonLink href=href weight=next()>{words}</ButtonLink> }.into_any(),
            );
        }
    }
    if !about.gathers && page.may_gather() {
        buttons.push(view! { <BeginReviewForm about=about.clone() /> }.into_any());
    }
    for track in page.case.level.tracks() {
        if can_take(caller, page, Seat::of(*track)) {
            buttons.push(take(Seat::of(*track), next()));
        }
    }
    for (action, step) in STEPS_WITH_PAGES {
        if page.can(*action) {
            let weight = match action {
                ActionKind::Approve | ActionKind::RequestCorrections => next(),
                ActionKind::Decline | ActionKind::RevokeGrant | ActionKind::SuspendGrant => {
                    Weight::Danger
                }
                _ => Weight::Quiet,
            };
            let href = step_path(page.case.number, step);
            buttons.push(
                view! { <ButtonLink href=href weight=weight>{action.label()}</ButtonLink> }
                    .into_any(),
            );
        }
    }
    view! { <ActionBar refused=not_now(page)>{buttons}</ActionBar> }
}

/// The steps that have a page of their own, and its address under the case.
pub(super) const STEPS_WITH_PAGES: &[(ActionKind, &str)] = &[
    (ActionKind::Approve, "approve"),
    (ActionKind::RequestCorrections, "corrections"),
    (ActionKind::RequestClarification, "clarify"),
    (ActionKind::Reopen, "reopen"),
    (ActionKind::AnswerAppeal, "answer-appeal"),
    (ActionKind::ReinstateGrant, "reinstate"),
    (ActionKind::SuspendGrant, "suspend"),
    (ActionKind::ProposeDecline, "propose-decline"),
    (ActionKind::Decline, "decline"),
    (ActionKind::RevokeGrant, "revoke"),
    (ActionKind::ChangeCap, "cap"),
];

/// What the reader cannot do now although it is theirs, or what the case could take from someone
/// else; what concerns neither reader nor case is left out, and so is what belongs to the other side
/// of the end of a case.
fn not_now(page: &CasePage) -> Vec<NotNow> {
    let open = page.case.state.kind().is_open();
    page.actions
        .iter()
        .filter(|possible| {
            let from = possible.action.row().from;
            from.iter().any(|state| state.is_open() == open)
        })
        .filter_map(|possible| {
            let obstacle = possible.obstacle.as_ref()?;
            (obstacle.lies != Lies::WithBoth).then(|| NotNow {
                action: possible.action,
                reason: obstacle.reason.clone(),
            })
        })
        .collect()
}
