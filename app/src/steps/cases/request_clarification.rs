//! Request clarification: one question in sight, further ones fold out; no scripts are needed.

use super::{About, on_case};
use crate::{
    components::{Button, Fold, Form, Line, More, Need, Opt, Select, TextArea, TextField, Typed},
    refused::Refused,
    web::Visit,
};
use casework::commands::{self, Question};
use leptos::{prelude::*, server};

/// The most questions of one request.
const MOST: usize = 6;

/// Asks the developer.
#[server(prefix = "/do", endpoint = "request_clarification")]
pub async fn request_clarification() -> Result<(), Refused> {
    on_case(
        "request_clarification",
        "clarification-requested",
        async |visit, caller, envelope| {
            let request = commands::RequestClarification {
                questions: (1..=MOST).map(|number| question(&visit, number)).collect(),
                due: visit.entry("due").to_owned(),
            };
            commands::request_clarification(&visit.desk, &caller, &envelope, request).await
        },
    )
    .await
}

fn question(visit: &Visit, number: usize) -> Question {
    Question {
        about: visit.entry(&format!("about-{number}")).to_owned(),
        text: visit.entry(&format!("text-{number}")).to_owned(),
    }
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
    let id = "request_clarification";
    let typed = about.typed(id);
    let fold = if has_more(&typed) {
        Fold::Open
    } else {
        Fold::Closed
    };
    let further = (2..=MOST)
        .map(|number| {
            let label = format!("Question {number}");
            view! { <QuestionFields number=number label=label pins=pins.clone() need=Need::Optional /> }
        })
        .collect_view();
    view! {
        <Form action="/do/request_clarification" id=id typed=typed seen=about.seen back=about.back.clone()>
            {about.field()}
            <QuestionFields number=1 label="Question" pins=pins.clone() pin=pin />
            <More summary="More questions" fold=fold>{further}</More>
            <TextField name="due" label="Answer due" line=Line::Date value=usual />
            <Button>"Request clarification"</Button>
        </Form>
    }
}

/// Whether anything came back for the questions that are folded away.
fn has_more(typed: &Typed) -> bool {
    (2..=MOST).any(|number| {
        let field = format!("text-{number}");
        typed
            .value(&field)
            .is_some_and(|text| !text.trim().is_empty())
    })
}

#[component]
fn QuestionFields(
    number: usize,
    #[prop(into)] label: String,
    pins: Vec<Opt>,
    #[prop(optional, into)] pin: String,
    #[prop(optional)] need: Need,
) -> impl IntoView {
    let about = if number == 1 {
        "About".to_owned()
    } else {
        format!("Question {number} is about")
    };
    view! {
        <Select name=format!("about-{number}") label=about options=pins value=pin />
        <TextArea
            name=format!("text-{number}")
            label=label
            hint="One question; say what a good answer has."
            need=need
            rows=4
        />
    }
}
