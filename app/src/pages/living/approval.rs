//! What of a living approval stands on the pages of its app and of its case.

use crate::{
    components::{
        AsTyped, Button, Card, Confirm, Day, Fact, Facts, Hue, Notice, Part, Tag, TextArea,
        TextField, Time, Tone, Weight, day_text,
    },
    web::Visit,
};
use casework::{
    commands::{AnswerChangeInput, AttestInput},
    queries::{Approval, Raised, ToDeveloper, WatchedPage},
};
use leptos::prelude::*;
use workflow::{AppId, living::Stage};

/// On the page of an app: the attestation, and the pages that are read again.
pub fn about_app(visit: &Visit, app: AppId, approval: &Approval) -> impl IntoView + use<> {
    let by = day_text(approval.due);
    let (tone, text) = match approval.stage {
        Stage::NotYet => (None, format!("Attestation due by {by}.")),
        Stage::Soon => (Some(Tone::Info), format!("Attestation due by {by}.")),
        Stage::Today => (
            Some(Tone::Attention),
            "Attestation due by today.".to_owned(),
        ),
        Stage::Overdue => (
            Some(Tone::Attention),
            format!("The attestation was due by {by}."),
        ),
        Stage::Missing => (
            Some(Tone::Problem),
            format!(
                "The attestation was due by {by}. Those who decide about the app's access have been told that it is missing."
            ),
        ),
    };
    let text = match tone {
        None => view! { <p>{text}</p> }.into_any(),
        Some(tone) => view! {
            <Notice tone=tone>
                <p>{text}</p>
            </Notice>
        }
        .into_any(),
    };
    let form = approval
        .may_attest
        .then(|| attestation(visit, app, approval));
    let ask_owner = (approval.stage.is_open() && !approval.may_attest)
        .then(|| view! { <p class="quiet-text">"An owner of the app gives it here."</p> });
    let raised = approval
        .raised
        .iter()
        .map(|raised| question(visit, raised))
        .collect_view();
    let pages = approval.pages.iter().map(page_of_app).collect_view();
    let is_watched = !approval.pages.is_empty() || !approval.raised.is_empty();
    let watched = is_watched.then(|| {
        view! {
            <Card title="Pages that we read again" id="pages">
                <p class="quiet-text">
                    "The approval stands by what these pages say. A change that matters is looked at by us; tell us before you make one."
                </p>
                <Facts>{pages}</Facts>
                {raised}
            </Card>
        }
    });
    view! {
        <Card title="Attestation" id="attestation">
            {text}
            {ask_owner}
            {form}
        </Card>
        {watched}
    }
}

fn attestation(visit: &Visit, app: AppId, approval: &Approval) -> AnyView {
    visit
        .form::<AttestInput>()
        .hidden(AttestInput::app(), &app)
        .hidden(AttestInput::due(), &approval.due.micros())
        .show(|form| {
            view! {
                <Confirm of=form.at(AttestInput::contacts()) />
                <Confirm of=form.at(AttestInput::as_approved()) />
                <TextField
                    of=form.at(AttestInput::name())
                    hint="As your account has it: with it you confirm both."
                    autocomplete="name"
                />
                <Button weight=Weight::Primary>"Give the attestation"</Button>
            }
        })
}

/// What was asked about a changed page, what was answered and what came of it; the form for an answer
/// where one is waited for.
fn question(visit: &Visit, raised: &Raised) -> impl IntoView + use<> {
    let page = raised.page.to_lowercase();
    let said = raised
        .said
        .iter()
        .map(|said| match said.clone() {
            ToDeveloper::Asked(at, text) => view! {
                <p>"We asked about the change of the " {page.clone()} ", " <Day at=at /> ":"</p>
                <AsTyped text=text />
            }
            .into_any(),
            ToDeveloper::Answered(by, at, text) => view! {
                <p>"Answered by " <bdi>{by}</bdi> ", " <Time at=at /> ":"</p>
                <AsTyped text=text />
            }
            .into_any(),
            ToDeveloper::Settled(at) => view! {
                <p>"We have no concern, " <Day at=at /> ". Nothing more is needed."</p>
            }
            .into_any(),
        })
        .collect_view();
    let form = raised.is_asked.then(|| {
        visit
            .form::<AnswerChangeInput>()
            .id(format!("answer_change-{}", raised.id))
            .label(format!("Answer about the {page}"))
            .hidden(AnswerChangeInput::change(), &raised.id)
            .show(|form| {
                view! {
                    <TextArea of=form.at(AnswerChangeInput::answer()) rows=4 />
                    <Button>"Send answer"</Button>
                }
            })
    });
    let tone = match raised.is_asked {
        true => Tone::Attention,
        false => Tone::Info,
    };
    view! {
        <Notice tone=tone>
            {said}
            {form}
        </Notice>
    }
}

fn page_of_app(page: &WatchedPage) -> impl IntoView + use<> {
    let address = page.address.clone();
    let state = state(page);
    view! {
        <Fact name=page.label>
            {address} " " {state}
        </Fact>
    }
}

/// When a page was read last, or why it cannot be.
fn state(page: &WatchedPage) -> AnyView {
    match (&page.failing, page.read_at) {
        (Some((since, why)), _) => {
            let text = format!("Cannot be read since {}", day_text(*since));
            view! {
                <Tag hue=Hue::Overdue text=text />
                <span class="soft">" " {why.clone()}</span>
            }
            .into_any()
        }
        (None, Some(at)) => view! {
            <span class="soft">"read " <Day at=at /></span>
        }
        .into_any(),
        (None, None) => view! { <span class="soft">"not read yet"</span> }.into_any(),
    }
}

/// On the page of a case: what is to be looked at, and whether the attestation is there.
pub fn about_case(approval: &Approval) -> impl IntoView + use<> {
    let by = day_text(approval.due);
    let attestation = match approval.stage {
        Stage::Missing => view! {
            <Tag hue=Hue::Overdue text="Missing" />
            " was due by "
            {by}
        }
        .into_any(),
        Stage::Overdue => view! {
            <Tag hue=Hue::Developer text="Overdue" />
            " was due by "
            {by}
        }
        .into_any(),
        Stage::NotYet | Stage::Soon | Stage::Today => view! { "due by " {by} }.into_any(),
    };
    let changes = approval
        .open
        .iter()
        .map(|(id, page)| {
            let href = format!("/changes/{id}");
            view! {
                <Fact name=*page>
                    <a href=href>"Has changed: compare the texts"</a>
                </Fact>
            }
        })
        .collect_view();
    let failing = approval
        .pages
        .iter()
        .filter(|page| page.failing.is_some())
        .map(|page| {
            let state = state(page);
            view! { <Fact name=page.label>{state}</Fact> }
        })
        .collect_view();
    view! {
        <Part title="Approval">
            <Facts>
                <Fact name="Attestation">{attestation}</Fact>
                {changes}
                {failing}
            </Facts>
        </Part>
    }
}
