//! A field of the request form, drawn from its template.

use crate::components::{Checkboxes, Confirm, Line, Need, Opt, Radios, Slot, TextArea, TextField};
use leptos::prelude::*;
use workflow::form::{Choice, Field, FieldKind};

/// The control of a field with what was typed so far, in its place in a form, and where a good answer
/// is described. A field of files has no control here.
pub fn control(field: &Field, value: &str, of: Slot) -> AnyView {
    if matches!(field.kind, FieldKind::Files { .. }) {
        return ().into_any();
    }
    let guide = guide_link(&field.guide, &field.label);
    let control = control_alone(field, value, of);
    view! {
        {control}
        {guide}
    }
    .into_any()
}

/// Where a good answer to a question is described. It opens beside the form, so that nothing typed
/// is left behind.
pub fn guide_link(guide: &str, label: &str) -> Option<impl IntoView + use<>> {
    let (href, about) = (guide.to_owned(), format!(": {label} (opens in a new tab)"));
    (!guide.is_empty()).then(|| {
        view! {
            <p class="guide-link">
                <a href=href target="_blank" rel="noopener">
                    "What a good answer has" <span class="visually-hidden">{about}</span>
                </a>
            </p>
        }
    })
}

fn control_alone(field: &Field, value: &str, of: Slot) -> AnyView {
    let label = field.label.clone();
    let hint = field.hint.clone();
    let value = value.to_owned();
    let need = Need::optional(field.optional);
    let line = |line: Line| {
        view! {
            <TextField
                of=of.clone()
                label=label.clone()
                line=line
                value=value.clone()
                hint=hint.clone()
                need=need
            />
        }
        .into_any()
    };
    match &field.kind {
        FieldKind::Text { .. } => line(Line::Text),
        FieldKind::Url => line(Line::Url),
        FieldKind::Email => line(Line::Email),
        FieldKind::Date { .. } => line(Line::Date),
        FieldKind::Number { .. } => line(Line::Number),
        FieldKind::LongText { max, .. } => {
            let rows = if *max > 1_000 { 6 } else { 3 };
            view! {
                <TextArea of=of label=label value=value hint=hint need=need rows=rows />
            }
            .into_any()
        }
        FieldKind::Choice { options } => {
            let options: Vec<Opt> = options.iter().map(Opt::from).collect();
            view! {
                <Radios of=of label=label options=options value=value hint=hint need=need />
            }
            .into_any()
        }
        FieldKind::Choices { options } => {
            let options: Vec<Opt> = options.iter().map(Opt::from).collect();
            view! {
                <Checkboxes of=of label=label options=options value=value hint=hint need=need />
            }
            .into_any()
        }
        FieldKind::Confirm => view! {
            <Confirm of=of label=label value=value hint=hint need=need />
        }
        .into_any(),
        FieldKind::Files { .. } => ().into_any(),
    }
}

/// An answer in words: choices by their labels.
pub fn answer_text(field: &Field, value: &str) -> String {
    let label = |options: &[Choice], key: &str| {
        options
            .iter()
            .find(|option| option.key == key)
            .map_or_else(|| key.to_owned(), |option| option.label.clone())
    };
    match &field.kind {
        FieldKind::Choice { options } => label(options, value),
        FieldKind::Choices { options } => value
            .split(',')
            .filter(|key| !key.is_empty())
            .map(|key| label(options, key))
            .collect::<Vec<_>>()
            .join("; "),
        FieldKind::Confirm if value == "yes" => "Confirmed".to_owned(),
        _ => value.to_owned(),
    }
}
