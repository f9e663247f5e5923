//! Whether an application is stuck: its developer asks, a lead answers.

use crate::{
    components::{Button, Need, TextArea, Weight},
    web::{Done, Next, Step, Visit},
};
use casework::{
    Result,
    commands::{self, AnswerStuckInput, AskStuckInput},
};
use leptos::prelude::*;
use uuid::Uuid;
use workflow::CaseNumber;

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![Step::new(ask_stuck), Step::new(answer_stuck)]
}

/// Asks.
async fn ask_stuck(visit: Visit, input: AskStuckInput) -> Result<Next> {
    commands::ask_stuck(&visit.desk, visit.caller()?, &input).await?;
    Ok(Next::to(format!("/applications/{}", input.number)).saying(Done::StuckAsked))
}

/// Answers.
async fn answer_stuck(visit: Visit, input: AnswerStuckInput) -> Result<Next> {
    commands::answer_stuck(&visit.desk, visit.caller()?, &input).await?;
    Ok(Next::to(format!("/cases/{}", input.number)).saying(Done::StuckAnswered))
}

/// The developer's form.
#[component]
pub fn AskStuckForm(visit: Visit, number: CaseNumber) -> impl IntoView {
    visit
        .form::<AskStuckInput>()
        .hidden(AskStuckInput::number(), &number)
        .show(|form| {
            view! {
                <TextArea
                    of=form.at(AskStuckInput::text())
                    rows=3
                    need=Need::Optional
                    hint="A lead reads it, and answers here and by email."
                />
                <Button weight=Weight::Quiet>"Ask if it is stuck"</Button>
            }
        })
}

/// The lead's form.
#[component]
pub fn AnswerStuckForm(visit: Visit, number: CaseNumber, ask: Uuid) -> impl IntoView {
    visit
        .form::<AnswerStuckInput>()
        .hidden(AnswerStuckInput::number(), &number)
        .hidden(AnswerStuckInput::ask(), &ask)
        .show(|form| {
            view! {
                <TextArea
                    of=form.at(AnswerStuckInput::answer())
                    rows=4
                    hint="Where it stands and what comes next. Every member of the app gets it by email."
                />
                <Button>"Answer"</Button>
            }
        })
}
