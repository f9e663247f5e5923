//! `/applications/{number}/answer`: our questions, answered in place.

use super::{back_to_status, crumbs, field, number_of};
use crate::{
    components::{Button, Card, Day, Form, Hidden, PageHead, TextArea, Typed, day_text},
    web::{Page, page},
};
use casework::{
    commands::AMEND,
    queries::{ApplicationView, Pinned, QuestionView, application},
};
use leptos::prelude::*;
use workflow::{Seen, state::State};

/// The page.
#[component]
pub fn AnswerPage() -> impl IntoView {
    page(|visit| async move {
        let case = application(&visit.desk, visit.caller()?, number_of(&visit)?).await?;
        let State::Clarification { due, .. } = case.state else {
            back_to_status(case.number);
            return Ok(Page::developer("Application", ()));
        };
        let typed = visit.typed("answer");
        let questions = case
            .questions
            .iter()
            .filter(|question| question.answer.is_none())
            .map(|question| question_card(&case, question, &typed))
            .collect_view();
        let number = case.number.to_string();
        let lead = format!(
            "Our review goes on as soon as all are answered. Please answer by {}.",
            day_text(due)
        );
        Ok(Page::developer(
            "Answer our questions",
            view! {
                <PageHead
                    title="Answer our questions"
                    lead=lead
                    crumbs=crumbs(case.number, case.app, &case.app_name)
                />
                <Form
                    action="/do/answer_clarification"
                    id="answer"
                    typed=typed
                    seen=Seen::version(case.version)
                    back=visit.path.clone()
                >
                    <Hidden name="case" value=number />
                    {questions}
                    <Button>"Answer"</Button>
                </Form>
            },
        ))
    })
}

fn question_card(
    case: &ApplicationView,
    question: &QuestionView,
    typed: &Typed,
) -> impl IntoView + use<> {
    let about = match &question.about {
        Pinned::Application => "About the application".to_owned(),
        Pinned::Field(field) => format!("About your answer: {}", field.label),
        Pinned::Point(label) => format!("About: {label}"),
    };
    let amend = match &question.about {
        Pinned::Field(field) => amend_field(case, field, typed),
        _ => ().into_any(),
    };
    let at = question.asked_at;
    let text = question.text.clone();
    let name = question.id.to_string();
    view! {
        <Card title=about>
            <div class="typed">{text}</div>
            <p class="quiet-text">"Asked " <Day at=at /></p>
            <TextArea name=name label="Answer" />
            {amend}
        </Card>
    }
}

/// An answer of the form that can be changed, folded away until it is wanted or has a fault.
pub(super) fn amend_field(
    case: &ApplicationView,
    field: &workflow::form::Field,
    typed: &Typed,
) -> AnyView {
    if matches!(field.kind, workflow::form::FieldKind::Files { .. }) {
        return ().into_any();
    }
    let name = format!("{AMEND}{}", field.key);
    let before = case
        .sent
        .as_ref()
        .and_then(|sent| sent.answers.get(&field.key))
        .map_or("", String::as_str);
    let open =
        typed.problem(&name).is_some() || typed.value(&name).is_some_and(|value| value != before);
    let control = field::control(field, before, &name);
    view! {
        <details open=open>
            <summary>"Change the answer itself: " {field.label.clone()}</summary>
            {control}
        </details>
    }
    .into_any()
}
