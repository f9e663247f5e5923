//! Files beside what is written: those of an answer or response stand with it, those of a question of
//! the request form with that question. They are chosen in the form itself, so whichever of its buttons
//! is pressed takes them along, and what is typed goes with them.

use super::{
    form::{UploadTo, accept_text, upload_path},
    sent::kind_text,
};
use crate::components::{
    Button, FileField, FileRow, Files, Fold, FormOf, More, Need, Saying, Weight,
};
use casework::{
    commands::KeepAnswersInput,
    input::Input,
    queries::{ApplicationView, case_page::Attached},
};
use leptos::prelude::*;
use workflow::{
    FilesOf,
    form::{Field, FieldKind, FileKind},
};

/// The place of the files of an answer or response that is written now.
pub(super) fn files_of_writing<I: Input>(
    case: &ApplicationView,
    of: &FilesOf,
    form: &FormOf<I>,
) -> AnyView {
    let label = match of {
        FilesOf::Response(_) => "Files for this response",
        _ => "Files for this answer",
    };
    let to = UploadTo {
        key: of.key(),
        label: label.to_owned(),
        hint: "PNG, JPEG, WebP, GIF or PDF of at most 20 MB each, MP4 or WebM of 100 MB."
            .to_owned(),
        guide: String::new(),
        need: Need::Optional,
        accept: FileKind::Media,
    };
    files_beside(case, to, form)
}

/// The place of the files that answer a question of the request form; none for any other question.
pub(super) fn files_of_field<I: Input>(
    case: &ApplicationView,
    field: &Field,
    form: &FormOf<I>,
) -> Option<AnyView> {
    match field.kind {
        FieldKind::Files { accept } => {
            Some(files_beside(case, UploadTo::field(field, accept), form))
        }
        _ => None,
    }
}

/// The same, folded away until it is wanted, has a new file or a fault; and whether it is open.
pub(super) fn folded_files<I: Input>(
    case: &ApplicationView,
    field: &Field,
    form: &FormOf<I>,
) -> Option<(bool, AnyView)> {
    let files = files_of_field(case, field, form)?;
    let has_new = case
        .files
        .iter()
        .any(|file| file.field == field.key && file.round.is_none());
    let label = field.label.clone();
    let open = has_new || form.is_wrong(&field.key);
    let folded = view! {
        <More summary=label fold=Fold::opened(open)>
            {files}
        </More>
    };
    Some((open, folded.into_any()))
}

fn files_beside<I: Input>(case: &ApplicationView, to: UploadTo, form: &FormOf<I>) -> AnyView {
    let rows: Vec<_> = case
        .files
        .iter()
        .filter(|file| file.field == to.key)
        .map(row)
        .collect();
    let rows = (!rows.is_empty()).then(|| view! { <Files>{rows}</Files> });
    let of = form.files_beside(&to.key, to.label, upload_path(case.number, &to.key));
    let attach = Saying::of(&KeepAnswersInput::attach(), to.key);
    let (hint, accept, need) = (to.hint, accept_text(to.accept), to.need);
    view! {
        <div class="files-beside">
            <FileField of=of hint=hint accept=accept need=need />
            <Button weight=Weight::Quiet to=KeepAnswersInput::STEP says=attach>
                "Attach files"
            </Button>
            {rows}
        </div>
    }
    .into_any()
}

fn row(file: &Attached) -> impl IntoView + use<> {
    let is_new = file.round.is_none();
    let remove = is_new.then(|| {
        let remove = Saying::of(&KeepAnswersInput::remove(), file.id.to_string());
        let name = format!(" {}", file.name);
        view! {
            <Button weight=Weight::Link to=KeepAnswersInput::STEP says=remove>
                "Remove file" <span class="visually-hidden">{name}</span>
            </Button>
        }
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
