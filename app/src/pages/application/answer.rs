//! `/applications/{number}/answer`: our questions, answered in place.

use super::{
    by_text, crumbs, field, status_page,
    uploads::{files_of_field, files_of_writing, folded_files},
};
use crate::{
    components::{Button, Buttons, Card, Day, FormOf, NotByEnter, PageHead, TextArea, Weight},
    islands::Autosave,
    web::{Page, Visit, page},
};
use casework::{
    Result,
    commands::{AMEND, AnswerInput, KeepAnswersInput},
    input::drawn,
    input::{Input, KeyedField},
    queries::{ApplicationView, Pinned, QuestionView, application},
    support::queries::own_words,
    words::moment,
};
use leptos::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{FilesOf, QuestionId, Seen, form::Field, state::State, support::RequestNumber};

/// The page.
#[component]
pub fn AnswerPage() -> impl IntoView {
    page(|visit| async move {
        let case = application(&visit.desk, visit.caller()?, visit.at("number")?).await?;
        let State::Clarification { due, .. } = case.state else {
            return Ok(Page::elsewhere(status_page(case.number)));
        };
        let taken = from_request(&visit).await?;
        let form = visit
            .form::<AnswerInput>()
            .id("answer")
            .with_files()
            .case(case.number, Some(Seen::version(case.version)))
            .hidden(AnswerInput::drawn(), &Some(as_drawn(&case)))
            .hidden(AnswerInput::tab(), &Some(Uuid::now_v7().to_string()))
            .hidden(AnswerInput::order(), &None)
            .show(|form| {
                // Two questions may be about one answer, which is changed in one place.
                let mut shown = BTreeSet::new();
                let questions: Vec<_> =
                    case.questions
                        .iter()
                        .filter(|question| question.answer.is_none())
                        .map(|question| {
                            let words = taken.as_ref().filter(|(id, _)| *id == question.id);
                            let words = words.map(|(_, words)| words.as_str());
                            let about = match &question.about {
                                Pinned::Application => None,
                                Pinned::Field(field) => Some(field),
                                Pinned::Point(_, field) => field.as_ref(),
                            };
                            let present = about
                                .filter(|field| shown.insert(field.key.clone()))
                                .map(|field| {
                                    present_answer(&case, field, form, &AnswerInput::amended())
                                });
                            question_card(&case, question, present, form, words.unwrap_or_default())
                        })
                        .collect();
                let files: Vec<_> = sent_fields(&case)
                    .filter(|field| !shown.contains(&field.key))
                    .filter_map(|field| folded_files(&case, field, form))
                    .map(|(_, files)| files)
                    .collect();
                let files = (!files.is_empty()).then(
                    || view! { <Card title="Other files of your application">{files}</Card> },
                );
                view! {
                    <NotByEnter />
                    {questions}
                    {files}
                    {send(&case, form, "answer", "Send answers")}
                }
            });
        let lead = format!(
            "Our review goes on as soon as all are answered and sent. Please answer{}.",
            by_text(due, visit.now())
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

/// What the reader wrote on a support request, for the question that its page named: the answer
/// begins with it, and is sent as any other.
async fn from_request(visit: &Visit) -> Result<Option<(QuestionId, String)>> {
    let number: Option<RequestNumber> = visit.query("from").and_then(|text| text.parse().ok());
    let question = visit.query("question").and_then(|text| text.parse().ok());
    let Some((number, question)) = number.zip(question) else {
        return Ok(None);
    };
    let words = own_words(&visit.desk, visit.caller()?, number).await?;
    Ok(Some((question, words)))
}

/// The buttons under the answers: all are sent together, or kept as they are. With scripts they are
/// kept while they are typed, but for what is being compared with a colleague's.
pub(super) fn send<I: Input>(
    case: &ApplicationView,
    form: &FormOf<I>,
    id: &'static str,
    words: &'static str,
) -> impl IntoView + use<I> {
    let kept = case
        .kept
        .at
        .map(|at| format!("Saved {}, not sent yet", moment(at)))
        .unwrap_or_default();
    let kept = match form.is_conflict() {
        true => view! {
            <p class="quiet-text">"Not saved: compare what is marked, then press a button."</p>
        }
        .into_any(),
        false => view! {
            <Autosave form=id.to_owned() saved=kept step=KeepAnswersInput::STEP.to_owned() />
        }
        .into_any(),
    };
    view! {
        <Buttons>
            <Button>{words}</Button>
            <Button weight=Weight::Quiet to=KeepAnswersInput::STEP>
                "Save without sending"
            </Button>
        </Buttons>
        {kept}
        <p class="quiet-text">
            "What you write and attach here is seen by the members of your app alone until it is sent. Files that are chosen go with whichever button you press."
        </p>
    }
}

/// What the fields of the answers hold now, for the saving that follows.
pub(super) fn as_drawn(case: &ApplicationView) -> String {
    let ids = case
        .questions
        .iter()
        .map(|question| question.id.to_string())
        .chain(case.findings.iter().map(|finding| finding.id.to_string()));
    let amended = sent_fields(case).map(|field| format!("{AMEND}{}", field.key));
    let fields: Vec<(String, String)> = ids
        .chain(amended)
        .map(|name| {
            let text = held(case, &name).to_owned();
            (name, text)
        })
        .collect();
    drawn(
        fields
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str())),
    )
}

/// The questions that were asked, in the order of the form.
pub(super) fn sent_fields(case: &ApplicationView) -> impl Iterator<Item = &Field> {
    case.sent
        .iter()
        .flat_map(|sent| &sent.sections)
        .flat_map(|section| &section.fields)
}

/// What a field of the answers holds: what is kept of it, else what was handed in.
pub(super) fn held<'a>(case: &'a ApplicationView, name: &str) -> &'a str {
    let handed_in = || {
        let sent = case.sent.as_ref()?;
        let text = sent.answers.get(name.strip_prefix(AMEND)?)?;
        Some(text.as_str())
    };
    case.kept.get(name).or_else(handed_in).unwrap_or_default()
}

fn question_card(
    case: &ApplicationView,
    question: &QuestionView,
    present: Option<AnyView>,
    form: &FormOf<AnswerInput>,
    words: &str,
) -> impl IntoView + use<> {
    let name = question.id.to_string();
    let words = match held(case, &name) {
        "" => words.to_owned(),
        kept => kept.to_owned(),
    };
    let about = match &question.about {
        Pinned::Application => "About the application".to_owned(),
        Pinned::Field(field) => format!("About your answer: {}", field.label),
        Pinned::Point(label, _) => format!("About: {label}"),
    };
    let at = question.asked_at;
    let text = question.text.clone();
    let answer = form.at(AnswerInput::answers().of(&question.id));
    let files = files_of_writing(case, &FilesOf::Answer(question.id), form);
    view! {
        <Card title=about>
            <div class="typed">{text}</div>
            <p class="quiet-text">"Asked " <Day at=at /></p>
            {present}
            <TextArea of=answer value=words />
            {files}
        </Card>
    }
}

/// The answer as it stands, to be changed where it is asked about.
pub(super) fn present_answer<I: Input>(
    case: &ApplicationView,
    field: &Field,
    form: &FormOf<I>,
    amended: &KeyedField<I, String>,
) -> AnyView {
    if let Some(files) = files_of_field(case, field, form) {
        return files;
    }
    let slot = form.at(amended.of(&field.key));
    let control = field::control(field, shown(case, field), slot);
    view! {
        <p class="quiet-text">"Your answer as it stands; change it here if it is different now."</p>
        {control}
    }
    .into_any()
}

/// What stands for a question of the form now.
fn shown<'a>(case: &'a ApplicationView, field: &Field) -> &'a str {
    held(case, &format!("{AMEND}{}", field.key))
}

/// An answer of the form that can be changed, folded away until it is wanted or has a fault; and
/// whether it is open.
pub(super) fn amend_field<I: Input>(
    case: &ApplicationView,
    field: &Field,
    form: &FormOf<I>,
    amended: &KeyedField<I, String>,
) -> (bool, AnyView) {
    if let Some(files) = folded_files(case, field, form) {
        return files;
    }
    let before = shown(case, field);
    let is_kept = case.kept.get(&format!("{AMEND}{}", field.key)).is_some();
    let typed = form.typed(&amended.of(&field.key));
    let slot = form.at(amended.of(&field.key));
    let open = is_kept
        || slot.is_wrong()
        || typed.is_some_and(|typed| typed.replace("\r\n", "\n") != before);
    let control = field::control(field, before, slot);
    let folded = view! {
        <details open=open>
            <summary>{field.label.clone()}</summary>
            {control}
        </details>
    };
    (open, folded.into_any())
}
