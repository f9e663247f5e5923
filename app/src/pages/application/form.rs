//! `/applications/{number}/form/…`: the request form, one topic per step.

use super::{
    back_to_status, crumbs, field, number_of,
    sent::kind_text,
    title_of,
    way::{self, Part},
};
use crate::{
    components::{
        Button, ButtonLink, Buttons, Card, Encoding, FileField, FileRow, Files, Form, Hidden, Need,
        PageHead, Weight,
    },
    islands::Autosave,
    web::{Page, Visit, page},
};
use casework::{
    Error, Result,
    queries::{DraftView, SectionView, draft_view},
    words::moment,
};
use leptos::prelude::*;
use uuid::Uuid;
use workflow::{
    Seen,
    form::{Field, FieldKind, FileKind},
    state::State,
};

/// The draft of the address; nothing where it has been submitted, and then the status page is what
/// is shown instead.
async fn open_draft(visit: &Visit) -> Result<Option<DraftView>> {
    let draft = draft_view(&visit.desk, visit.caller()?, number_of(visit)?).await?;
    if matches!(draft.state, State::Draft) {
        Ok(Some(draft))
    } else {
        back_to_status(draft.number);
        Ok(None)
    }
}

fn nothing() -> Page {
    Page::developer("Application", ())
}

/// `/applications/{number}/form`: on to the first step that is not done.
#[component]
pub fn FormStartPage() -> impl IntoView {
    page(|visit| async move {
        if let Some(draft) = open_draft(&visit).await? {
            let section = draft.next_open().ok_or(Error::NotFound)?;
            let part = if way::has(&section.section, Part::Text) {
                Part::Text
            } else {
                Part::Files
            };
            let stop = way::Stop {
                section: &section.section,
                part,
            };
            let next = format!("/applications/{}/{}", draft.number, stop.path());
            crate::web::see_other(&next);
        }
        Ok(nothing())
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
    let Some(draft) = open_draft(&visit).await? else {
        return Ok(nothing());
    };
    let key = visit.path.split('/').nth(4).unwrap_or_default().to_owned();
    let (_, section) = draft.section(&key).ok_or(Error::NotFound)?;
    if !way::has(&section.section, part) {
        crate::web::see_other(&format!("/applications/{}/form/{key}/files", draft.number));
        return Ok(nothing());
    }
    let stops = way::stops(&draft);
    let at = way::place(&stops, &key, part).ok_or(Error::NotFound)?;
    let title = stops.get(at).map(way::Stop::title).unwrap_or_default();
    let lead = format!(
        "{}. Step {} of {}.",
        title_of(draft.level, &draft.app_name),
        at + 1,
        stops.len()
    );
    let body = match part {
        Part::Text => text_form(&visit, &draft, section).into_any(),
        Part::Files => file_forms(&visit, &draft, section).into_any(),
    };
    let guidance = section.section.guidance.clone();
    let crumbs = crumbs(draft.number, draft.app, &draft.app_name);
    let nav = step_list(&draft, at);
    Ok(Page::developer(
        title.clone(),
        view! {
            <PageHead title=title lead=lead crumbs=crumbs />
            {(!guidance.is_empty()).then(|| view! { <p class="guidance">{linked(&guidance)}</p> })}
            {body}
            {nav}
        },
    ))
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
    let typed = visit.typed("section");
    let fields = view
        .section
        .fields
        .iter()
        .map(|field| {
            let value = view.answers.get(&field.key).map_or("", String::as_str);
            field::control(field, value, &field.key)
        })
        .collect_view();
    let before = way::before(draft, &view.section.key, Part::Text)
        .map(|href| view! { <ButtonLink href=href weight=Weight::Quiet>"Back"</ButtonLink> });
    let saved = draft
        .saved_at
        .map(|at| format!("Saved {}", moment(at)))
        .unwrap_or_default();
    let number = draft.number.to_string();
    let version = draft.draft_version.to_string();
    let key = view.section.key.clone();
    view! {
        <Form
            action="/do/edit_draft"
            id="section"
            typed=typed
            seen=Seen::version(draft.case_version)
            back=visit.path.clone()
        >
            <Hidden name="case" value=number />
            <Hidden name="section" value=key />
            <Hidden name="draft" value=version />
            <Hidden name="tab" value=Uuid::now_v7().to_string() />
            {fields}
            <Buttons>
                <Button>"Save and continue"</Button>
                <Button weight=Weight::Quiet name="go" value="leave">"Save and leave"</Button>
                {before}
            </Buttons>
            <Autosave form="section".to_owned() saved=saved />
        </Form>
    }
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
    let next = way::after(draft, key, Part::Files);
    let before = way::before(draft, key, Part::Files)
        .map(|href| view! { <ButtonLink href=href weight=Weight::Quiet>"Back"</ButtonLink> });
    view! {
        {cards}
        <Buttons>
            <ButtonLink href=next>"Continue"</ButtonLink>
            {before}
        </Buttons>
    }
}

fn file_card(
    visit: &Visit,
    draft: &DraftView,
    view: &SectionView,
    field: &Field,
    accept: FileKind,
) -> impl IntoView + use<> {
    let id = format!("files-{}", field.key);
    let rows: Vec<_> = view
        .files
        .iter()
        .filter(|file| file.field == field.key)
        .map(|file| {
            let label = format!("Remove {}", file.name);
            let back = visit.path.clone();
            let number = draft.number.to_string();
            let id = file.id.to_string();
            view! {
                <FileRow
                    name=file.name.clone()
                    href=format!("/files/{}", file.id)
                    size=file.size
                    kind=kind_text(&file.mime)
                    at=file.at
                >
                    <Form action="/do/remove_attachment" back=back label=label>
                        <Hidden name="case" value=number />
                        <Hidden name="file" value=id />
                        <Button weight=Weight::Link>"Remove file"</Button>
                    </Form>
                </FileRow>
            }
        })
        .collect();
    let list = (!rows.is_empty()).then(|| view! { <Files>{rows}</Files> });
    let upload = upload_form(visit, draft.number, &id, field, accept);
    view! {
        <Card>
            {upload}
            {list}
        </Card>
    }
}

/// The form that attaches files to a field.
pub(super) fn upload_form(
    visit: &Visit,
    number: workflow::CaseNumber,
    id: &str,
    field: &Field,
    accept: FileKind,
) -> impl IntoView + use<> {
    let action = format!("/files/{number}/{}", field.key);
    let field = field.clone();
    view! {
        <Form
            action=action
            id=id.to_owned()
            typed=visit.typed(id)
            back=visit.path.clone()
            encoding=Encoding::Multipart
        >
            <FileField
                name=field.key.clone()
                label=field.label.clone()
                hint=field.hint.clone()
                accept=accept_text(accept)
                need=Need::optional(field.optional)
            />
            <Button weight=Weight::Quiet>"Attach file"</Button>
        </Form>
    }
}

const fn accept_text(accept: FileKind) -> &'static str {
    match accept {
        FileKind::Pdf => "application/pdf,.pdf",
        FileKind::Media => {
            "image/png,image/jpeg,image/webp,image/gif,video/mp4,video/webm,application/pdf"
        }
    }
}

/// Every step with what is still missing in it.
fn step_list(draft: &DraftView, here: usize) -> impl IntoView + use<> {
    let number = draft.number;
    let steps = way::stops(draft)
        .iter()
        .enumerate()
        .map(|(index, stop)| {
            let href = format!("/applications/{number}/{}", stop.path());
            let current = (index == here).then_some("step");
            let note = match (stop.part, draft.section(&stop.section.key)) {
                (Part::Text, Some((_, view))) if view.problems.is_empty() => " – done".to_owned(),
                (Part::Text, Some((_, view))) if view.begun => {
                    format!(" – {} to do", view.problems.len())
                }
                _ => String::new(),
            };
            view! {
                <li>
                    <a href=href aria-current=current>{stop.title()}</a>
                    <span class="quiet-text">{note}</span>
                </li>
            }
        })
        .collect_view();
    let check = format!("/applications/{number}/check");
    view! {
        <nav class="form-steps" aria-label="Steps of the form">
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
