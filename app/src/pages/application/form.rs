//! `/applications/{number}/form/…`: the request form, one topic per step.

use super::{
    crumbs, field,
    sent::kind_text,
    status_page,
    stops::{self, Part},
    title_of,
};
use crate::{
    components::{
        AsTyped, Button, ButtonLink, Buttons, Card, FileField, FileRow, Files, Need, Notice,
        PageHead, Tone, Weight,
    },
    islands::Autosave,
    web::{Page, Visit, encode, page},
};
use casework::{
    Error, Result,
    commands::{AddAttachmentInput, EditDraftInput, RemoveAttachmentInput},
    input::drawn,
    queries::{DraftView, SectionView, draft_view},
    words::moment,
};
use leptos::prelude::*;
use uuid::Uuid;
use workflow::{
    Seen,
    form::{Field, FieldKind, FileKind},
    state::{State, StateKind},
};

/// The draft of the address; where it has been submitted, the status page is shown instead.
async fn open_draft(visit: &Visit) -> Result<Result<DraftView, Page>> {
    let draft = draft_view(&visit.desk, visit.caller()?, visit.at("number")?).await?;
    Ok(if matches!(draft.state, State::Draft) {
        Ok(draft)
    } else {
        Err(Page::elsewhere(status_page(draft.number)))
    })
}

/// `/applications/{number}/form`: on to the first step that is not done.
#[component]
pub fn FormStartPage() -> impl IntoView {
    page(|visit| async move {
        let draft = match open_draft(&visit).await? {
            Ok(draft) => draft,
            Err(elsewhere) => return Ok(elsewhere),
        };
        let section = draft.next_open().ok_or(Error::NotFound)?;
        let part = if stops::has(&section.section, Part::Text) {
            Part::Text
        } else {
            Part::Files
        };
        let stop = stops::Stop {
            section: &section.section,
            part,
        };
        let next = format!("/applications/{}/{}", draft.number, stop.path());
        Ok(Page::elsewhere(next))
    })
}

/// `/applications/{number}/form/{section}`.
#[component]
pub fn FormPage() -> impl IntoView {
    page(|visit| async move { step(visit, Part::Text).await })
}

/// `/applications/{number}/form/{section}/files`.
#[component]
pub fn FormFilesPage() -> impl IntoView {
    page(|visit| async move { step(visit, Part::Files).await })
}

async fn step(visit: Visit, part: Part) -> Result<Page> {
    let draft = match open_draft(&visit).await? {
        Ok(draft) => draft,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let key: String = visit.at("section")?;
    let (_, section) = draft.section(&key).ok_or(Error::NotFound)?;
    if !stops::has(&section.section, part) {
        let files = format!("/applications/{}/form/{key}/files", draft.number);
        return Ok(Page::elsewhere(files));
    }
    let stops = stops::all(&draft);
    let at = stops::place(&stops, &key, part).ok_or(Error::NotFound)?;
    let title = stops.get(at).map(stops::Stop::title).unwrap_or_default();
    let lead = format!(
        "{}. Step {} of {}.",
        title_of(draft.level, &draft.app_name),
        at + 1,
        // The last step is to check it all and hand it in.
        stops.len() + 1
    );
    let body = match part {
        Part::Text => text_form(&visit, &draft, section).into_any(),
        Part::Files => file_forms(&visit, &draft, section).into_any(),
    };
    // A form that came back says itself what is wrong.
    let to_do = visit
        .kept
        .is_none()
        .then(|| to_do(&draft, section, part))
        .flatten();
    let guidance = section.section.guidance.clone();
    let crumbs = crumbs(draft.number, draft.app, &draft.app_name);
    let nav = step_list(&draft, at);
    Ok(Page::developer(
        title.clone(),
        view! {
            <PageHead title=title lead=lead crumbs=crumbs />
            {nav}
            {(at == 0).then(|| before_this(&draft))}
            {(!guidance.is_empty()).then(|| view! { <p class="guidance">{linked(&guidance)}</p> })}
            {to_do}
            {body}
        },
    ))
}

/// What is still to be done on a step that was begun before, each with the way to its question.
fn to_do(draft: &DraftView, view: &SectionView, part: Part) -> Option<impl IntoView + use<>> {
    let problems = stops::problems(view, part);
    let items: Vec<_> = problems
        .iter()
        .filter(|_| view.begun)
        .map(|problem| {
            let href = stops::question(draft.number, &view.section, &problem.field);
            view! { <li><a href=href>{problem.text.clone()}</a></li> }
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Attention>
                <p>"Still to do on this step:"</p>
                <ul>{items}</ul>
            </Notice>
        }
    })
}

/// What is wrong with an answer that was given. A missing one is no fault until it is submitted.
fn fault(view: &SectionView, key: &str) -> Option<String> {
    let answer = view
        .answers
        .get(key)
        .filter(|answer| !answer.trim().is_empty());
    let mut problems = view.problems.iter();
    let problem = answer.and_then(|_| problems.find(|problem| problem.field == key));
    problem.map(|problem| problem.text.clone())
}

/// On the first step: with what the form begins, and what was asked the last time in general.
fn before_this(draft: &DraftView) -> impl IntoView + use<> {
    draft.last.as_ref().map(|last| {
        let href = format!("/applications/{}", last.number);
        let number = last.number.to_string();
        let ended = match last.state {
            StateKind::Declined => "was declined",
            StateKind::Withdrawn => "was withdrawn",
            _ => "lapsed, because nothing came from you in time",
        };
        let beside = match last.asked.iter().any(|asked| asked.field.is_some()) {
            true => " What was asked then stands beside its question.",
            false => "",
        };
        let asked: Vec<_> = last
            .in_general()
            .map(|asked| view! { <li>{asked.text.clone()}</li> })
            .collect();
        let declined = (!last.declined.is_empty()).then(|| {
            let text = last.declined.clone();
            view! {
                <p>"Why it was declined:"</p>
                <AsTyped text=text />
            }
        });
        let general = (!asked.is_empty()).then(|| {
            view! {
                <p>"Asked then about the application as a whole:"</p>
                <ul>{asked}</ul>
            }
        });
        view! {
            <Notice>
                <p>
                    "This begins with what you handed in with " <a href=href>{number}</a>
                    {format!(", which {ended}.{beside}")}
                </p>
                {declined}
                {general}
            </Notice>
        }
    })
}

/// What was asked about a question the last time.
fn asked_before(draft: &DraftView, field: &str) -> Vec<AnyView> {
    let Some(last) = &draft.last else {
        return Vec::new();
    };
    last.about(field)
        .map(|asked| {
            let text = format!("Asked about this with {}: {}", last.number, asked.text);
            view! { <p class="asked-before">{text}</p> }.into_any()
        })
        .collect()
}

/// Text in which web addresses are links.
fn linked(text: &str) -> impl IntoView + use<> {
    text.split_inclusive(' ')
        .map(|word| {
            let address = word.trim_end_matches([' ', '.', ',']);
            if address.starts_with("https://") {
                let rest = word[address.len()..].to_owned();
                let address = address.to_owned();
                let shown = address.clone();
                view! { <a href=address rel="noreferrer">{shown}</a> {rest} }.into_any()
            } else {
                word.to_owned().into_any()
            }
        })
        .collect_view()
}

fn text_form(visit: &Visit, draft: &DraftView, view: &SectionView) -> impl IntoView + use<> {
    let before = stops::before(draft, &view.section.key, Part::Text)
        .map(|href| view! { <ButtonLink href=href weight=Weight::Quiet>"Back"</ButtonLink> });
    let saved = draft
        .saved_at
        .map(|at| format!("Saved {}", moment(at)))
        .unwrap_or_default();
    visit
        .form::<EditDraftInput>()
        .id(stops::TEXT_FORM)
        .case(draft.number, Some(Seen::version(draft.case_version)))
        .hidden(EditDraftInput::section(), &view.section.key)
        .hidden(EditDraftInput::draft(), &draft.draft_version)
        .hidden(EditDraftInput::tab(), &Uuid::now_v7().to_string())
        .hidden(EditDraftInput::order(), &None)
        .hidden(EditDraftInput::drawn(), &as_drawn(view))
        .show(|form| {
            let fields = view
                .section
                .fields
                .iter()
                .map(|field| {
                    let value = view.answers.get(&field.key).map_or("", String::as_str);
                    let of = form
                        .at(EditDraftInput::answers().of(&field.key))
                        .faulty(fault(view, &field.key));
                    let asked = asked_before(draft, &field.key);
                    let control = field::control(field, value, of);
                    view! {
                        {asked}
                        {control}
                    }
                })
                .collect_view();
            // What is being compared with someone else's text is saved by its button alone.
            let autosave = if form.is_conflict() {
                None
            } else {
                Some(view! { <Autosave form=stops::TEXT_FORM.to_owned() saved=saved step=String::new() /> })
            };
            let leave = form.says(&EditDraftInput::go(), "leave");
            view! {
                {fields}
                <Buttons>
                    <Button>"Save and continue"</Button>
                    <Button weight=Weight::Quiet says=leave>"Save and leave"</Button>
                    {before}
                </Buttons>
                {autosave}
            }
        })
}

/// What the fields of a step hold now, for the saving that follows.
fn as_drawn(view: &SectionView) -> String {
    drawn(view.section.fields.iter().map(|field| {
        let text = view.answers.get(&field.key).map_or("", String::as_str);
        (field.key.as_str(), text)
    }))
}

fn file_forms(visit: &Visit, draft: &DraftView, view: &SectionView) -> impl IntoView + use<> {
    let cards = view
        .section
        .fields
        .iter()
        .filter_map(|field| match field.kind {
            FieldKind::Files { accept } => Some(file_card(visit, draft, view, field, accept)),
            _ => None,
        })
        .collect_view();
    let key = &view.section.key;
    let next = stops::after(draft, key, Part::Files);
    let before = stops::before(draft, key, Part::Files)
        .map(|href| view! { <ButtonLink href=href weight=Weight::Quiet>"Back"</ButtonLink> });
    // What was chosen and not attached yet is attached on the way.
    let asked: Vec<&Field> = view
        .section
        .fields
        .iter()
        .filter(|field| matches!(field.kind, FieldKind::Files { .. }))
        .collect();
    let go_on = match asked.as_slice() {
        [field] => {
            let form = stops::upload_id(&field.key);
            let to = format!(
                "{}?next={}",
                upload_path(draft.number, &field.key),
                encode(&next)
            );
            view! {
                <button type="submit" class=Weight::Primary.class() form=form formaction=to>
                    "Continue"
                </button>
            }
            .into_any()
        }
        _ => view! { <ButtonLink href=next>"Continue"</ButtonLink> }.into_any(),
    };
    view! {
        {cards}
        <Buttons>
            {go_on}
            {before}
        </Buttons>
    }
}

/// Where it is sent.
pub(super) fn upload_path(number: workflow::CaseNumber, key: &str) -> String {
    format!("/files/{number}/{key}")
}

fn file_card(
    visit: &Visit,
    draft: &DraftView,
    view: &SectionView,
    field: &Field,
    accept: FileKind,
) -> impl IntoView + use<> {
    let rows: Vec<_> = view
        .files
        .iter()
        .filter(|file| file.field == field.key)
        .map(|file| {
            let remove = visit
                .form::<RemoveAttachmentInput>()
                .id(format!("remove-{}", file.id))
                .label(format!("Remove {}", file.name))
                .case(draft.number, None)
                .hidden(RemoveAttachmentInput::file(), &file.id)
                .show(|_| view! { <Button weight=Weight::Link>"Remove file"</Button> });
            view! {
                <FileRow
                    name=file.name.clone()
                    href=format!("/files/{}", file.id)
                    size=file.size
                    kind=kind_text(&file.mime)
                    at=file.at
                >
                    {remove}
                </FileRow>
            }
        })
        .collect();
    let list = (!rows.is_empty()).then(|| view! { <Files>{rows}</Files> });
    let asked = asked_before(draft, &field.key);
    let upload = upload_form(visit, draft.number, UploadTo::field(field, accept));
    view! {
        <Card>
            {asked}
            {upload}
            {list}
        </Card>
    }
}

/// What files are attached to.
pub(super) struct UploadTo {
    /// The word that is kept with them.
    pub key: String,
    pub label: String,
    pub hint: String,
    /// Where a good answer is described; empty for nowhere.
    pub guide: String,
    pub need: Need,
    pub accept: FileKind,
}

impl UploadTo {
    /// A question of the form.
    pub fn field(field: &Field, accept: FileKind) -> Self {
        Self {
            key: field.key.clone(),
            label: field.label.clone(),
            hint: field.hint.clone(),
            guide: field.guide.clone(),
            need: Need::optional(field.optional),
            accept,
        }
    }
}

/// The form that attaches files.
pub(super) fn upload_form(
    visit: &Visit,
    number: workflow::CaseNumber,
    to: UploadTo,
) -> impl IntoView + use<> {
    let UploadTo {
        key,
        label,
        hint,
        guide,
        need,
        accept,
    } = to;
    let guide = field::guide_link(&guide, &label);
    visit
        .form::<AddAttachmentInput>()
        .id(stops::upload_id(&key))
        .files_to(upload_path(number, &key))
        .show(|form| {
            let of = form.at(AddAttachmentInput::files().of(&key));
            view! {
                <FileField of=of label=label hint=hint accept=accept_text(accept) need=need />
                {guide}
                <Button weight=Weight::Quiet>"Attach file"</Button>
            }
        })
}

pub(super) const fn accept_text(accept: FileKind) -> &'static str {
    match accept {
        FileKind::Pdf => "application/pdf,.pdf",
        FileKind::Media => {
            "image/png,image/jpeg,image/webp,image/gif,video/mp4,video/webm,application/pdf"
        }
    }
}

/// So many questions are named beside a step; how many more there are is said.
const NAMED: usize = 3;

/// How a step stands that was begun: done, or with what is to be done.
fn note(draft: &DraftView, view: &SectionView, part: Part) -> Option<AnyView> {
    let problems = stops::problems(view, part);
    if problems.is_empty() {
        let done = part == Part::Text || !view.files.is_empty();
        return done.then(|| view! { <span class="quiet-text">" – done"</span> }.into_any());
    }
    if !view.begun {
        return None;
    }
    let label = |key: &str| {
        let mut fields = view.section.fields.iter();
        let field = fields.find(|field| field.key == key);
        field.map_or_else(|| key.to_owned(), |field| field.label.clone())
    };
    let named = problems
        .iter()
        .take(NAMED)
        .map(|problem| {
            let href = stops::question(draft.number, &view.section, &problem.field);
            view! { <li><a href=href>{label(&problem.field)}</a></li> }
        })
        .collect_view();
    let more = problems.len().saturating_sub(NAMED);
    let more = (more > 0).then(|| view! { <li>{format!("and {more} more")}</li> });
    Some(
        view! {
            <span class="quiet-text">" – to do:"</span>
            <ul class="to-do">{named} {more}</ul>
        }
        .into_any(),
    )
}

/// Every step with what is still missing in it.
fn step_list(draft: &DraftView, here: usize) -> impl IntoView + use<> {
    let number = draft.number;
    let steps = stops::all(draft)
        .iter()
        .enumerate()
        .map(|(index, stop)| {
            let href = format!("/applications/{number}/{}", stop.path());
            let current = (index == here).then_some("step");
            let note = draft
                .section(&stop.section.key)
                .and_then(|(_, view)| note(draft, view, stop.part));
            view! {
                <li>
                    <div>
                        <a href=href aria-current=current>{stop.title()}</a>
                        {note}
                    </div>
                </li>
            }
        })
        .collect_view();
    let check = format!("/applications/{number}/check");
    view! {
        <nav class="form-steps" id="steps" aria-label="Steps of the form">
            <h2>"Steps"</h2>
            <ol>
                {steps}
                <li>
                    <a href=check>"Check your answers and submit"</a>
                </li>
            </ol>
        </nav>
    }
}
