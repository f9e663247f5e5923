//! What was asked of the developer, and what they answered.

use super::{place::Place, submission::files_with};
use crate::components::{Day, Hue, Tag, Time};
use casework::queries::case_page::CasePage;
use leptos::prelude::*;
use workflow::{FilesOf, State, case::Question};

/// All of them, the newest first: what was answered last is what one comes for.
pub(super) fn questions(page: &CasePage, place: &Place) -> impl IntoView + use<> {
    let due = match &page.case.state {
        State::Clarification { due, .. } => Some(view! {
            <p>"The developer has until " <Day at=*due /> "; the clock is theirs until then."</p>
        }),
        _ => None,
    };
    let none = (page.case.questions.is_empty())
        .then(|| view! { <p class="soft">"Nothing was asked."</p> });
    let questions = page
        .case
        .questions
        .iter()
        .rev()
        .map(|question| question_of(page, question, place))
        .collect_view();
    view! {
        {due} {none}
        <div class="stack">{questions}</div>
    }
}

fn question_of(page: &CasePage, question: &Question, place: &Place) -> impl IntoView + use<> {
    let answer = match &question.answer {
        Some(answer) => view! {
            <blockquote class="as-typed">{answer.text.clone()}</blockquote>
            <p class="quiet-text">
                {page.name(answer.given.by)} ", " <Time at=answer.given.at />
            </p>
            {files_with(page, &FilesOf::Answer(question.id), place)}
        }
        .into_any(),
        None => view! { <p><Tag hue=Hue::Developer text="Not answered yet" /></p> }.into_any(),
    };
    view! {
        <div class="stack tight" id=format!("question-{}", question.id)>
            <p class="quiet-text">
                {page.pin_label(&question.pin)} " · " {page.name(question.asked.by)} ", "
                <Time at=question.asked.at />
            </p>
            <p class="as-typed">
                <strong>{question.text.to_string()}</strong>
            </p>
            {answer}
        </div>
    }
}
