//! New files while questions are answered or points corrected: attached on their own, before what is
//! typed is sent, and taken out again until then.

use super::{
    crumbs,
    form::{UploadTo, accept_text, upload_form, upload_path},
    sent::kind_text,
    stops,
};
use crate::{
    components::{Button, Buttons, Card, FileField, FileRow, Files, Need, PageHead, Weight},
    web::{Page, Visit, encode},
};
use casework::{
    commands::{AddAttachmentInput, EACH, RemoveAttachmentInput},
    queries::{ApplicationView, Settled, case_page::Attached},
};
use leptos::prelude::*;
use workflow::{
    FilesOf,
    form::{FieldKind, FileKind},
};

/// The page on which somebody without scripts attaches files: what was typed has been saved, and
/// nothing is typed here. All are chosen in one form, so that none is only chosen when one goes on.
pub(super) fn files_page(
    visit: &Visit,
    case: &ApplicationView,
    title: &'static str,
    page: &'static str,
) -> Page {
    let back = format!("/applications/{}/{page}", case.number);
    let to = upload_path(case.number, EACH);
    let go_on = format!("{to}?next={}", encode(&back));
    let form = visit
        .form::<AddAttachmentInput>()
        .plainly_to(to)
        .show(|form| {
            let fields = places(case)
                .map(|to| {
                    let of = form.at(AddAttachmentInput::files().of(&to.key));
                    let accept = accept_text(to.accept);
                    view! { <FileField of=of label=to.label hint=to.hint accept=accept need=to.need /> }
                })
                .collect_view();
            view! {
                {fields}
                <Buttons>
                    <Button weight=Weight::Quiet>"Attach files"</Button>
                    <button type="submit" class=Weight::Primary.class() formaction=go_on>
                        "Go on writing"
                    </button>
                </Buttons>
            }
        });
    let attached = places(case)
        .filter_map(|to| {
            let files = files_of(visit, case, &to.key)?;
            Some(view! {
                <Card title=to.label>{files}</Card>
            })
        })
        .collect_view();
    Page::developer(
        format!("Attach files · {title}"),
        view! {
            <PageHead
                title="Attach files"
                lead="What you have written is saved. Choose files, for as many places as you want; both buttons attach them."
                crumbs=crumbs(case.number, case.app, &case.app_name)
            />
            <Card>{form}</Card>
            {attached}
        },
    )
}

/// The card with a form for each question that takes files, folded away until one is wanted. Only
/// where scripts keep what is typed beside it: see [`files_page`].
pub(super) fn uploads(visit: &Visit, case: &ApplicationView) -> impl IntoView + use<> {
    let is_back = visit
        .kept
        .as_ref()
        .is_some_and(|came_back| came_back.kept.form.starts_with("files-"));
    let has_new = case.files.iter().any(|file| file.round.is_none());
    let forms = forms(visit, case);
    view! {
        <Card title="New files">
            <p data-without-scripts>
                "Press “Save and attach files” below: what you have written is saved first."
            </p>
            <details open=is_back || has_new data-with-scripts hidden>
                <summary>"Attach files"</summary>
                <p>"They are sent together with what you write below."</p>
                <div class="attaching">{forms}</div>
            </details>
        </Card>
    }
}

/// A form for each place that takes files, with its files.
fn forms(visit: &Visit, case: &ApplicationView) -> Vec<AnyView> {
    places(case)
        .map(|to| {
            let files = files_of(visit, case, &to.key);
            let form = upload_form(visit, case.number, to);
            view! {
                <div class="stack">
                    {form}
                    {files}
                </div>
            }
            .into_any()
        })
        .collect()
}

/// Each answer and response that is written now, and each question of the request form that takes
/// files.
fn places(case: &ApplicationView) -> impl Iterator<Item = UploadTo> {
    let said = |of: &FilesOf, about: &str| UploadTo {
        key: of.key(),
        label: format!("Files for: {}", beginning(about)),
        hint: "PNG, JPEG, WebP, GIF or PDF of at most 20 MB each, MP4 or WebM of 100 MB."
            .to_owned(),
        guide: String::new(),
        need: Need::Optional,
        accept: FileKind::Media,
    };
    let questions = case.questions.iter().filter(|one| one.answer.is_none());
    let answers = questions.map(move |one| said(&FilesOf::Answer(one.id), &one.text));
    let findings = case
        .findings
        .iter()
        .filter(|one| one.settled == Settled::Open);
    let responses = findings.map(move |one| said(&FilesOf::Response(one.id), &one.point));
    let fields = case
        .sent
        .iter()
        .flat_map(|sent| &sent.sections)
        .flat_map(|section| &section.fields)
        .filter_map(|field| match field.kind {
            FieldKind::Files { accept } => Some(UploadTo::field(field, accept)),
            _ => None,
        });
    answers.chain(responses).chain(fields)
}

/// The longest beginning of a question that a label holds, in characters.
const LONGEST: usize = 90;

/// How a text begins.
fn beginning(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line.to_owned(),
    }
}

/// The files of one answer, response or question of the form, where there are any.
fn files_of(visit: &Visit, case: &ApplicationView, key: &str) -> Option<impl IntoView + use<>> {
    let files: Vec<_> = case
        .files
        .iter()
        .filter(|file| file.field == key)
        .map(|file| row(visit, case, file))
        .collect();
    (!files.is_empty()).then(|| view! { <Files>{files}</Files> })
}

/// Under an answer or response: the files that go with it, and the way to attach more.
pub(super) fn files_beside(case: &ApplicationView, of: &FilesOf) -> impl IntoView + use<> {
    let key = of.key();
    let href = format!("#{}", stops::upload_id(&key));
    let names: Vec<&str> = case
        .files
        .iter()
        .filter(|file| file.field == key)
        .map(|file| file.name.as_str())
        .collect();
    let attached = (!names.is_empty()).then(|| format!("Attached: {}. ", names.join(", ")));
    view! {
        <p class="quiet-text">
            {attached} <a href=href data-with-scripts hidden>
                "Attach files to this"
            </a>
        </p>
    }
}

fn row(visit: &Visit, case: &ApplicationView, file: &Attached) -> impl IntoView + use<> {
    let is_new = file.round.is_none();
    let remove = is_new.then(|| {
        visit
            .form::<RemoveAttachmentInput>()
            .id(format!("remove-{}", file.id))
            .label(format!("Remove {}", file.name))
            .case(case.number, None)
            .hidden(RemoveAttachmentInput::file(), &file.id)
            .show(|_| view! { <Button weight=Weight::Link>"Remove file"</Button> })
    });
    let kind = kind_text(&file.mime);
    let kind = if is_new {
        format!("{kind}, not sent yet")
    } else {
        kind.to_owned()
    };
    view! {
        <FileRow
            name=file.name.clone()
            href=format!("/files/{}", file.id)
            size=file.size
            kind=kind
            round=file.round
            at=file.at
        >
            {remove}
        </FileRow>
    }
}
