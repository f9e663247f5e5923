//! `/applications/{number}/answer`: our questions, answered in place.

use super::{crumbs, field, status_page};
use crate::{
    components::{Button, Card, Day, FormOf, PageHead, TextArea, day_text},
    web::{Page, page},
};
use casework::{
    commands::AnswerInput,
    input::{Input, KeyedField},
    queries::{ApplicationView, Pinned, QuestionView, application},
};
use leptos::prelude::*;
use workflow::{Seen, state::State};

/// The page.
#[component]
pub fn AnswerPage() -> impl IntoView {
    page(|visit| async move {
        let case = application(&visit.desk, visit.caller()?, visit.at("number")?).await?;
        let State::Clarification { due, .. } = case.state else {
            return Ok(Page::elsewhere(status_page(case.number)));
        };
        let form = visit
            .form::<AnswerInput>()
            .id("answer")
            .case(case.number, Some(Seen::version(case.version)))
            .show(|form| {
                let questions = case
                    .questions
                    .iter()
                    .filter(|question| question.answer.is_none())
                    .map(|question| question_card(&case, question, form))
                    .collect_view();
                view! {
                    {questions}
                    <Button>"Answer"</Button>
                }
            });
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
                {form}
            },
        ))
    })
}

fn question_card(
    case: &ApplicationView,
    question: &QuestionView,
    form: &FormOf<AnswerInput>,
) -> impl IntoView + use<> {
    let about = match &question.about {
        Pinned::Application => "About the application".to_owned(),
        Pinned::Field(field) => format!("About your answer: {}", field.label),
        Pinned::Point(label) => format!("About: {label}"),
    };
    let amend = match &question.about {
        Pinned::Field(field) => amend_field(case, field, form, &AnswerInput::amended()),
        _ => ().into_any(),
    };
    let at = question.asked_at;
    let text = question.text.clone();
    let answer = form.at(AnswerInput::answers().of(&question.id));
    view! {
        <Card title=about>
            <div class="typed">{text}</div>
            <p class="quiet-text">"Asked " <Day at=at /></p>
            <TextArea of=answer />
            {amend}
        </Card>
    }
}

/// An answer of the form that can be changed, folded away until it is wanted or has a fault.
pub(super) fn amend_field<I: Input>(
    case: &ApplicationView,
    field: &workflow::form::Field,
    form: &FormOf<I>,
    amended: &KeyedField<I, String>,
) -> AnyView {
    if matches!(field.kind, workflow::form::FieldKind::Files { .. }) {
        return ().into_any();
    }
    let before = case
        .sent
        .as_ref()
        .and_then(|sent| sent.answers.get(&field.key))
        .map_or("", String::as_str);
    let typed = form.typed(&amended.of(&field.key));
    let slot = form.at(amended.of(&field.key));
    let open = slot.is_wrong() || typed.is_some_and(|typed| typed.replace("\r\n", "\n") != before);
    let control = field::control(field, before, slot.on_record());
    view! {
        <details open=open>
            <summary>"Change the answer itself: " {field.label.clone()}</summary>
            {control}
        </details>
    }
    .into_any()
}
