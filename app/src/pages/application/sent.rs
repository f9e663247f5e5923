//! Answers and files, to be read.

use super::field::answer_text;
use crate::components::{Facing, Fact, Facts, FileRow, Files};
use casework::queries::case_page::Attached;
use leptos::prelude::*;
use workflow::form::{Answers, FieldKind, Section};

/// The answers and files of one section.
pub fn section_facts(
    section: &Section,
    answers: &Answers,
    files: &[Attached],
) -> impl IntoView + use<> {
    let facts = section
        .fields
        .iter()
        .map(|field| {
            let body = if let FieldKind::Files { .. } = field.kind {
                file_list(files.iter().filter(|file| file.field == field.key))
            } else {
                let text = answers
                    .get(&field.key)
                    .map(|value| answer_text(field, value))
                    .unwrap_or_default();
                if text.is_empty() {
                    view! { <span class="quiet-text">"Not answered"</span> }.into_any()
                } else {
                    view! { <div class="typed">{text}</div> }.into_any()
                }
            };
            view! { <Fact name=field.label.clone()>{body}</Fact> }
        })
        .collect_view();
    view! { <Facts facing=Facing::Above>{facts}</Facts> }
}

/// Files with links to them.
pub fn file_list<'a>(files: impl Iterator<Item = &'a Attached>) -> AnyView {
    let rows: Vec<_> = files
        .map(|file| {
            view! {
                <FileRow
                    name=file.name.clone()
                    href=format!("/files/{}", file.id)
                    size=file.size
                    kind=kind_text(&file.mime)
                    round=file.round
                    at=file.at
                />
            }
        })
        .collect();
    if rows.is_empty() {
        view! { <span class="quiet-text">"No file"</span> }.into_any()
    } else {
        view! { <Files>{rows}</Files> }.into_any()
    }
}

/// What a file is, in a word.
pub fn kind_text(mime: &str) -> &'static str {
    match mime {
        "application/pdf" => "PDF",
        mime if mime.starts_with("image/") => "Image",
        mime if mime.starts_with("video/") => "Video",
        _ => "File",
    }
}
