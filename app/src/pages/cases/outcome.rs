//! The agreement, and the decision with what it rests on.

use super::place::Place;
use crate::components::{
    Code, Day, Fact, Facts, Hash, Hue, Notice, Tag, Task, TaskStatus, Time, Tone,
};
use casework::{
    queries::case_page::{CasePage, Decided},
    words::count,
};
use leptos::prelude::*;
use workflow::{
    StateKind,
    state::{AccessLevel, State},
};

pub(super) fn agreement_task(
    page: &CasePage,
    place: &Place,
    is_open: bool,
) -> impl IntoView + use<> {
    let (status, body) = match (&page.case.acceptance, &page.case.state) {
        (Some(accepted), _) => (TaskStatus::new(Hue::Approved, "Accepted"), {
            let by = page.name(accepted.stamp.by);
            let at = accepted.stamp.at;
            let given = accepted.acceptance.clone();
            view! {
                <Facts>
                    <Fact name="Accepted by">{by}</Fact>
                    <Fact name="As">{given.capacity}</Fact>
                    <Fact name="When"><Time at=at /></Fact>
                    <Fact name="Version">{given.version}</Fact>
                    <Fact name="Document"><Hash text=given.document_sha256 /></Fact>
                    <Fact name="Signature"><Code text=given.signature.to_string() /></Fact>
                </Facts>
            }
            .into_any()
        }),
        (None, State::Agreement { due }) => (
            TaskStatus::new(Hue::Developer, "With the developer"),
            view! {
                <p>"The Data Licensing Agreement is to be accepted by " <Day at=*due /> "."</p>
            }
            .into_any(),
        ),
        (None, state) if state.kind().is_open() && page.case.completeness.passed.is_some() => (
            TaskStatus::new(Hue::Waiting, "Not accepted yet"),
            view! { <p>"The Data Licensing Agreement has not been accepted."</p> }.into_any(),
        ),
        _ => (
            TaskStatus::new(Hue::Waiting, "Cannot start yet"),
            match page.case.level {
                AccessLevel::Full => {
                    view! { <p>"The agreement opens once the application is complete."</p> }
                        .into_any()
                }
                AccessLevel::Sandbox | AccessLevel::Limited => {
                    view! { <p>"The agreement opens once the review has passed."</p> }.into_any()
                }
            },
        ),
    };
    let href = format!("{}#agreement", place.at_task("agreement").href());
    let body = is_open.then_some(body);
    view! { <Task id="agreement" name="Agreement" status=status href=href body=body /> }
}

pub(super) fn decision_task(
    page: &CasePage,
    place: &Place,
    is_open: bool,
) -> impl IntoView + use<> {
    let state = page.case.state.kind();
    let status = match (state, &page.case.decline_proposal) {
        (StateKind::Approved, _) => {
            let grant = page.case.grant.as_ref().map(|grant| grant.status);
            TaskStatus::new(Hue::standing(state, grant), state.standing(grant))
        }
        (StateKind::Declined | StateKind::Withdrawn | StateKind::Lapsed, _) => {
            TaskStatus::new(Hue::Ended, state.label())
        }
        (_, Some(_)) => TaskStatus::new(Hue::Overdue, "Decline proposed"),
        (StateKind::Decision, None) => TaskStatus::new(Hue::Us, "Waits for an approver"),
        _ => TaskStatus::new(Hue::Waiting, "Cannot start yet"),
    };
    let proposal = page.case.decline_proposal.as_ref().map(|proposal| {
        let (by, at) = (page.name(proposal.stamp.by), proposal.stamp.at);
        let (reason, text) = (proposal.reason.label(), proposal.text.inside().to_owned());
        view! {
            <Notice tone=Tone::Attention>
                <p>{by} " proposed to decline, " <Time at=at /> ": " {reason}</p>
                <p class="as-typed">{text}</p>
            </Notice>
        }
    });
    let grant = page.case.grant.as_ref().map(|grant| {
        let hue = Hue::standing(StateKind::Approved, Some(grant.status));
        let word = grant.status.label();
        let cap = grant
            .cap
            .map_or_else(|| "None".to_owned(), |cap| count(cap, "authorised user"));
        let (level, by) = (page.case.level.label(), page.name(grant.approved.by));
        let (at, number) = (grant.approved.at, grant.id.to_string());
        view! {
            <Facts>
                <Fact name="Grant"><Tag hue=hue text=word /></Fact>
                <Fact name="Level">{level}</Fact>
                <Fact name="Limit">{cap}</Fact>
                <Fact name="Approved by">{by}</Fact>
                <Fact name="When"><Time at=at /></Fact>
                <Fact name="Number"><Code text=number /></Fact>
            </Facts>
        }
    });
    let waits = (page.case.grant.is_none() && state.is_open()).then(|| {
        let tick = |holds: bool, text: &'static str| {
            let (hue, word) = if holds {
                (Hue::Approved, "Yes")
            } else {
                (Hue::Waiting, "Not yet")
            };
            view! {
                <Fact name=text><Tag hue=hue text=word /></Fact>
            }
        };
        let passed = tick(page.case.tracks_passed(), "All review tracks passed");
        let accepted = tick(page.case.acceptance.is_some(), "Agreement accepted");
        view! {
            <Facts>
                {passed}
                {accepted}
            </Facts>
        }
    });
    let decided = page.decided.iter().map(decided).collect_view();
    let href = format!("{}#decision", place.at_task("decision").href());
    let body = is_open.then(|| {
        view! {
            {proposal}
            {grant}
            {waits}
            {decided}
        }
        .into_any()
    });
    view! { <Task id="decision" name="Decision" status=status href=href body=body /> }
}

/// One decision: who, when, why, and under which signature.
fn decided(decided: &Decided) -> impl IntoView + use<> {
    let Decided {
        at,
        who,
        what,
        text,
        signature,
    } = decided.clone();
    let text = (!text.is_empty()).then(|| {
        view! {
            <Fact name="In words">
                <div class="as-typed">{text}</div>
            </Fact>
        }
    });
    let signature = signature.map(|signature| {
        let fits = if signature.holds {
            "It fits the record."
        } else {
            "It does not fit the record."
        };
        view! {
            <Fact name="Signature">
                "“" {signature.meaning} "” " {signature.name} ", " {signature.capacity} ", " {signature.how} ", "
                <Time at=signature.at /> ". " {fits} " SHA-256 " <Hash text=signature.sha256 />
            </Fact>
        }
    });
    view! {
        <h3>{what}</h3>
        <Facts>
            <Fact name="Who">{who}</Fact>
            <Fact name="When"><Time at=at /></Fact>
            {text}
            {signature}
        </Facts>
    }
}
