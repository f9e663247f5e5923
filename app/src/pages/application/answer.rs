//! `/applications/{number}/answer`: our questions, answered in place.

use super::{
    crumbs, field, status_page,
    uploads::{files_of_field, files_of_writing, folded_files},
};
use crate::{
    components::{
        Button, Buttons, Card, Day, Fold, FormOf, More, NotByEnter, Notice, PageHead, TextArea,
        Tone, Weight, day_text,
    },
    islands::Autosave,
    web::{Page, Visit, page},
};
use casework::{
    Result,
    commands::{AMEND, AnswerInput, KeepAnswersInput},
    input::drawn,
    input::{Input, KeyedField, Place},
    queries::{ApplicationView, Pinned, QuestionView, application},
    support::queries::own_words,
    words::moment,
};
use leptos::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{
    FilesOf, QuestionId, Seen,
    form::{Field, FieldKind},
    state::State,
    support::RequestNumber,
};

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
                let questions: Vec<_> = case
                    .questions
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
                        let amended = AnswerInput::amended();
                        let present = about.map(|field| match shown.insert(field.key.clone()) {
                            true => present_answer(&case, field, form, &amended),
                            false => shown_above(form, field, &amended),
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
                let asked = sent_fields(&case).filter(|field| shown.contains(&field.key));
                let to_do = still_to_do(&case, asked, form, &AnswerInput::amended());
                view! {
                    <NotByEnter />
                    {to_do}
                    {questions}
                    {files}
                    {send(&case, form, "answer", "Send answers")}
                }
            });
        let by = day_text(due);
        let when = match due < visit.now() {
            true => format!("Your answers were due by {by}: please send them as soon as you can."),
            false => format!("Please answer by {by}."),
        };
        let lead = format!("Our review goes on as soon as all are answered and sent. {when}");
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
    let answer = answer.about(extract(&text));
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
    let slot = slot.faulty(kept_fault(case, field));
    let control = field::control(&as_asked(case, field), shown(case, field), slot);
    view! {
        <p class="quiet-text">"Your answer as it stands; change it here if it is different now."</p>
        {control}
    }
    .into_any()
}

/// What is wrong with a new text that is kept and not sent: it is told before it is sent.
fn kept_fault(case: &ApplicationView, field: &Field) -> Option<String> {
    let text = case.kept.get(&format!("{AMEND}{}", field.key))?;
    let sent = case.sent.as_ref();
    let handed_in = sent.and_then(|sent| sent.answers.get(&field.key));
    let files = case.files.iter().map(|file| file.field.clone()).collect();
    let is_new = handed_in.is_none_or(|handed_in| handed_in.as_str() != text);
    is_new.then(|| field.problem(text.trim(), &files)).flatten()
}

/// All of that among these fields, each with the way to its place. A form that came back says it itself.
pub(super) fn still_to_do<'a, I: Input>(
    case: &ApplicationView,
    fields: impl Iterator<Item = &'a Field>,
    form: &FormOf<I>,
    amended: &KeyedField<I, String>,
) -> Option<AnyView> {
    let faults: Vec<_> = fields
        .filter(|_| !form.is_back())
        .filter_map(|field| {
            let fault = kept_fault(case, field)?;
            let href = format!("#{}", form.id_of(&amended.of(&field.key).name()));
            Some(view! { <li><a href=href>{fault}</a></li> })
        })
        .collect();
    (!faults.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Attention>
                <p>"Still to do before this can be sent:"</p>
                <ul>{faults}</ul>
            </Notice>
        }
        .into_any()
    })
}

/// Where the answer stands that an earlier question or point is about as well.
pub(super) fn shown_above<I: Input>(
    form: &FormOf<I>,
    field: &Field,
    amended: &KeyedField<I, String>,
) -> AnyView {
    let place = match field.kind {
        FieldKind::Files { .. } => field.key.clone(),
        _ => amended.of(&field.key).name(),
    };
    let href = format!("#{}", form.id_of(&place));
    let label = field.label.clone();
    view! {
        <p class="quiet-text">
            "About your answer " <a href=href>{label}</a> ", which stands above."
        </p>
    }
    .into_any()
}

/// As much of a text as a summary of errors has room for.
const EXTRACT: usize = 80;

/// How a question begins, by which its answer is told from others.
pub(super) fn extract(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(EXTRACT) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

/// A question as it is asked now: no answer is needed where a file stands in its place.
fn as_asked(case: &ApplicationView, field: &Field) -> Field {
    let place = field.or_attachment.as_ref();
    let by_file = place.is_some_and(|key| case.files.iter().any(|file| file.field == *key));
    Field {
        optional: field.optional || by_file,
        ..field.clone()
    }
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
    let slot = slot.faulty(kept_fault(case, field));
    let open = is_kept
        || slot.is_wrong()
        || typed.is_some_and(|typed| typed.replace("\r\n", "\n") != before);
    let control = field::control(&as_asked(case, field), before, slot);
    let folded = view! {
        <More summary=field.label.clone() fold=Fold::opened(open)>
            {control}
        </More>
    };
    (open, folded.into_any())
}
