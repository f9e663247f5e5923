//! What was handed in: the answers with their files, whole or what one item of a checklist concerns.

use super::{changed, cited, place::Place};
use crate::components::{Facing, Fact, Facts, FileRow, Files, Hash, Time};
use casework::queries::case_page::{Attached, CasePage, Sent};
use leptos::prelude::*;
use workflow::{
    FilesOf,
    checklist::Item,
    form::{Field, FieldKind},
};

/// The newest revision, whole.
pub(super) fn submission(page: &CasePage, sent: &Sent, place: &Place) -> impl IntoView + use<> {
    let sections = sent
        .sections
        .iter()
        .map(|section| {
            let facts = section
                .fields
                .iter()
                .map(|field| field_of(page, sent, field, place))
                .collect_view();
            view! {
                <h3>{section.title.clone()}</h3>
                <Facts facing=Facing::Above>{facts}</Facts>
            }
        })
        .collect_view();
    let others = of_no_field(sent);
    let others = (!others.is_empty()).then(|| {
        view! {
            <h3>"Files with answers and corrections"</h3>
            {files(page, place, others)}
        }
    });
    view! {
        {sections}
        {others}
        {stamp(page, sent)}
    }
}

/// What an item is about; the whole where it concerns the application as a whole.
pub(super) fn concerned(
    page: &CasePage,
    sent: &Sent,
    item: &Item,
    place: &Place,
) -> impl IntoView + use<> {
    let fields = page
        .form()
        .map(|form| form.concerned(page.case.level, item))
        .unwrap_or_default();
    if fields.is_empty() {
        return view! {
            <p class="quiet-text">"This item concerns the application as a whole."</p>
            {submission(page, sent, place)}
        }
        .into_any();
    }
    let facts = fields
        .iter()
        .map(|field| field_of(page, sent, field, place))
        .collect_view();
    view! {
        <Facts facing=Facing::Above>{facts}</Facts>
        {stamp(page, sent)}
    }
    .into_any()
}

/// Which revision it is, and the way to what earlier ones said.
fn stamp(page: &CasePage, sent: &Sent) -> impl IntoView + use<> {
    let compare = (sent.revision > 1).then(|| {
        let href = format!("/cases/{}/compare", page.case.number);
        view! {
            <p>
                <a href=href>"Compare with earlier revisions"</a>
            </p>
        }
    });
    view! {
        <p class="quiet-text">
            "Revision " {sent.revision} ", sent " <Time at=sent.at /> ", SHA-256 "
            <Hash text=sent.sha256.clone() />
        </p>
        {compare}
    }
}

/// The files of what was written about a question or finding of ours.
fn of_no_field(sent: &Sent) -> Vec<&Attached> {
    let fields = || sent.sections.iter().flat_map(|section| &section.fields);
    sent.files
        .iter()
        .filter(|file| !fields().any(|field| field.key == file.field))
        .collect()
}

/// Every file of the revision, each under what it belongs to.
pub(super) fn all_files(page: &CasePage, sent: &Sent, place: &Place) -> impl IntoView + use<> {
    let of_fields = sent
        .sections
        .iter()
        .flat_map(|section| &section.fields)
        .filter_map(|field| {
            let of = |file: &&Attached| file.field == field.key;
            let found: Vec<&Attached> = sent.files.iter().filter(of).collect();
            (!found.is_empty()).then(|| {
                view! {
                    <h3>{field.label.clone()}</h3>
                    {files(page, place, found)}
                }
            })
        })
        .collect_view();
    let others = of_no_field(sent);
    let others = (!others.is_empty()).then(|| {
        view! {
            <h3>"With answers and corrections"</h3>
            {files(page, place, others)}
        }
    });
    let none =
        (sent.files.is_empty()).then(|| view! { <p class="soft">"No files came with it."</p> });
    view! { {of_fields} {others} {none} }
}

/// Files, each to be opened in its place.
fn files(page: &CasePage, place: &Place, files: Vec<&Attached>) -> impl IntoView + use<> {
    let rows = files
        .into_iter()
        .map(|file| {
            let changed = changed::mark(page.since.is_file_new(file.id));
            view! {
                <FileRow
                    name=file.name.clone()
                    href=place.with_file(file.id, None).href()
                    size=file.size
                    kind=file.mime.clone()
                    round=file.round
                    at=file.at
                >
                    {changed}
                </FileRow>
            }
        })
        .collect_view();
    view! { <Files>{rows}</Files> }
}

/// An answer as it was typed; choices in the words that the developer saw.
fn field_of(page: &CasePage, sent: &Sent, field: &Field, place: &Place) -> impl IntoView + use<> {
    let text = field.in_words(sent.answers.get(&field.key).map_or("", String::as_str));
    let attached: Vec<&Attached> = sent
        .files
        .iter()
        .filter(|file| file.field == field.key)
        .collect();
    let is_web = field.kind == FieldKind::Url && text.starts_with("https://");
    let said = if text.is_empty() && !attached.is_empty() {
        ().into_any()
    } else if text.is_empty() {
        view! { <span class="soft">"No answer"</span> }.into_any()
    } else if is_web {
        let href = text.clone();
        view! { <a href=href rel="noreferrer noopener external" target="_blank">{text}</a> }
            .into_any()
    } else {
        view! { <div class="as-typed">{text}</div> }.into_any()
    };
    let attached = (!attached.is_empty()).then(|| files(page, place, attached));
    let changed = changed::mark(page.since.is_field_new(&field.key));
    let anchor = cited::field_anchor(&field.key);
    view! {
        <Fact name=field.label.clone()>
            <div id=anchor>{changed} {said} {attached}</div>
        </Fact>
    }
}

/// The files that came with an answer or a response, where any did.
pub(super) fn files_with(
    page: &CasePage,
    of: &FilesOf,
    place: &Place,
) -> Option<impl IntoView + use<>> {
    let key = of.key();
    let sent = page.sent.as_ref()?;
    let found: Vec<&Attached> = sent.files.iter().filter(|file| file.field == key).collect();
    (!found.is_empty()).then(|| files(page, place, found))
}
