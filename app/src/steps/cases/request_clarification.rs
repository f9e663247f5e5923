//! Request clarification: one question in sight, further ones fold out; no scripts are needed.

use super::{About, back_to, usual_due};
use crate::{
    components::{
        Button, Fold, FormOf, Line, More, Need, Opt, Select, TextArea, TextField, Weight,
    },
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    commands::{self, Envelope, Question, RequestClarificationInput as Input},
};
use leptos::prelude::*;

/// The most questions of one request.
const MOST: usize = 6;

/// Asks the developer.
pub(super) async fn request_clarification(
    visit: Visit,
    at: Envelope,
    mut input: Input,
) -> Result<Next> {
    let mut question = |number| Question {
        about: input.about.remove(&number).unwrap_or_default(),
        text: input.text.remove(&number).unwrap_or_default(),
    };
    let request = commands::RequestClarification {
        questions: (1..=MOST).map(&mut question).collect(),
        due: input.due,
    };
    let caller = visit.caller()?;
    if input.gather {
        commands::gather_questions(&visit.desk, caller, &at, request).await?;
        return Ok(back_to(&visit, at.case).next().saying(Done::Gathered));
    }
    commands::request_clarification(&visit.desk, caller, &at, request).await?;
    Ok(back_to(&visit, at.case)
        .next()
        .saying(Done::ClarificationRequested))
}

/// The form. `pins` is what a question can be about, `pin` what the first one is about to begin
/// with.
#[component]
pub fn RequestClarificationForm(
    about: About,
    pins: Vec<Opt>,
    #[prop(into)] pin: String,
    /// The day by which an answer is due if nothing else is said.
    #[prop(into)]
    usual: String,
) -> impl IntoView {
    let words = words(&about);
    let form = about
        .form::<Input>()
        .hidden(Input::gather(), &about.gathers);
    form.show(|form| {
        let first = question(form, 1, &pins, pin);
        let further: Vec<_> = (2..=MOST)
            .map(|number| question(form, number, &pins, String::new()))
            .collect();
        let fold = if has_more(form) {
            Fold::Open
        } else {
            Fold::Closed
        };
        view! {
            {first}
            <More summary="More questions" fold=fold>{further}</More>
            <TextField of=form.at(Input::due()) line=Line::Date value=usual />
            <Button>{words}</Button>
        }
    })
}

/// The form at the item at hand: one question, about the item or an answer that it concerns.
#[component]
pub fn AskForm(about: About, #[prop(into)] id: String, pins: Vec<Opt>) -> impl IntoView {
    let (usual, words) = (usual_due(&about.visit), words(&about));
    about
        .form::<Input>()
        .id(id)
        .faults_in_place()
        .label("Ask the developer")
        .hidden(Input::gather(), &about.gathers)
        .show(|form| {
            let about_of = form.at(Input::about().of(&1));
            let text_of = form.at(Input::text().of(&1));
            view! {
                <Select of=about_of label="About" options=pins />
                <TextArea of=text_of label="Question" hint="Say what a good answer has." rows=3 />
                <TextField of=form.at(Input::due()) line=Line::Date value=usual />
                <Button weight=Weight::Quiet>{words}</Button>
            }
        })
}

/// What the button does.
const fn words(about: &About) -> &'static str {
    match about.gathers {
        true => "Add to your review",
        false => "Request clarification",
    }
}

/// Whether anything came back for the questions that are folded away.
fn has_more(form: &FormOf<Input>) -> bool {
    (2..=MOST).any(|number| {
        form.typed(&Input::text().of(&number))
            .is_some_and(|text| !text.trim().is_empty())
    })
}

fn question(
    form: &FormOf<Input>,
    number: usize,
    pins: &[Opt],
    pin: String,
) -> impl IntoView + use<> {
    let (about, label, need) = if number == 1 {
        ("About".to_owned(), "Question".to_owned(), Need::Required)
    } else {
        let about = format!("Question {number} is about");
        (about, format!("Question {number}"), Need::Optional)
    };
    let about_of = form.at(Input::about().of(&number));
    let text_of = form.at(Input::text().of(&number));
    view! {
        <Select of=about_of label=about options=pins.to_vec() value=pin />
        <TextArea
            of=text_of
            label=label
            hint="One question; say what a good answer has."
            need=need
            rows=4
        />
    }
}
