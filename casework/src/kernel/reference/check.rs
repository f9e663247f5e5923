//! Whether a form or checklist can be worked with. What is wrong is said to the admin who wants to
//! publish it.

use crate::guides::is_link;
use std::collections::BTreeSet;
use workflow::{
    checklist::Checklist,
    form::{Field, FieldKind, Form},
    relied::EVERY_FILE,
};

const LONGEST: usize = 2_000;

/// Everything wrong with a request form.
pub fn form_problems(form: &Form) -> Vec<String> {
    let mut problems = Vec::new();
    if form.sections.is_empty() {
        problems.push("The form has no section.".to_owned());
    }
    unique(
        "section",
        form.sections.iter().map(|section| section.key.as_str()),
        &mut problems,
    );
    let fields = || form.sections.iter().flat_map(|section| &section.fields);
    unique(
        "field",
        fields().map(|field| field.key.as_str()),
        &mut problems,
    );
    for section in &form.sections {
        text(
            "section",
            &section.key,
            "title",
            &section.title,
            &mut problems,
        );
        long("section", &section.key, &section.guidance, &mut problems);
        if section.fields.is_empty() {
            problems.push(format!("Section {}: it has no field.", section.key));
        }
    }
    if form.field(EVERY_FILE).is_some() {
        problems.push(format!(
            "The field {EVERY_FILE}: this word stands for all files; choose another key."
        ));
    }
    for field in fields() {
        text("field", &field.key, "label", &field.label, &mut problems);
        long("field", &field.key, &field.hint, &mut problems);
        guide("field", &field.key, &field.guide, &mut problems);
        if let Some(problem) = kind_problem(form, field) {
            problems.push(format!("Field {}: {problem}", field.key));
        }
    }
    problems
}

/// Everything wrong with a checklist.
pub fn list_problems(list: &Checklist) -> Vec<String> {
    let mut problems = Vec::new();
    if list.items.is_empty() {
        problems.push("The checklist has no item.".to_owned());
    }
    unique(
        "item",
        list.items.iter().map(|item| item.key.as_str()),
        &mut problems,
    );
    for item in &list.items {
        text("item", &item.key, "label", &item.label, &mut problems);
        long("item", &item.key, &item.verify, &mut problems);
        long("item", &item.key, &item.source, &mut problems);
        guide("item", &item.key, &item.guide, &mut problems);
        for key in item.concerns.iter().flatten().filter(|key| !is_key(key)) {
            problems.push(format!(
                "The item {}: it concerns \"{}\", which is no key of a field.",
                item.key,
                key.escape_default()
            ));
        }
    }
    problems
}

fn kind_problem(form: &Form, field: &Field) -> Option<&'static str> {
    let is_files = |key: &String| {
        form.field(key)
            .is_some_and(|other| matches!(other.kind, FieldKind::Files { .. }))
    };
    if field
        .or_attachment
        .as_ref()
        .is_some_and(|key| !is_files(key))
    {
        return Some("or_attachment must name a field of files.");
    }
    match &field.kind {
        FieldKind::Text { max } if *max == 0 => Some("max must be at least 1."),
        FieldKind::LongText { min, max } if *max == 0 || min > max => {
            Some("max must be at least 1 and not below min.")
        }
        FieldKind::Number { min, max } if min > max => Some("min is above max."),
        FieldKind::Choice { options } | FieldKind::Choices { options } => {
            let keys: BTreeSet<&str> = options.iter().map(|option| option.key.as_str()).collect();
            let sound = keys.len() == options.len() && keys.iter().all(|key| is_key(key));
            if options.is_empty() {
                Some("it offers nothing to choose.")
            } else if !sound || options.iter().any(|option| option.label.trim().is_empty()) {
                Some("each option needs a key of its own (a-z, 0-9, _) and a label.")
            } else {
                None
            }
        }
        _ => None,
    }
}

fn unique<'a>(what: &str, keys: impl Iterator<Item = &'a str>, problems: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for key in keys {
        if !is_key(key) {
            problems.push(format!(
                "The {what} key \"{}\" must have 1 to 40 of the characters a-z, 0-9 and _.",
                key.escape_default()
            ));
        } else if !seen.insert(key) {
            problems.push(format!("The {what} key {key} occurs twice."));
        }
    }
}

fn text(what: &str, key: &str, part: &str, text: &str, problems: &mut Vec<String>) {
    if text.trim().is_empty() || text.chars().count() > 200 || text.chars().any(char::is_control) {
        problems.push(format!(
            "The {what} {key}: its {part} must have 1 to 200 characters on one line."
        ));
    }
}

fn long(what: &str, key: &str, text: &str, problems: &mut Vec<String>) {
    if text.chars().count() > LONGEST {
        problems.push(format!(
            "The {what} {key}: a text is longer than {LONGEST} characters."
        ));
    }
}

/// Whether a heading is there is looked at when the template is published.
fn guide(what: &str, key: &str, link: &str, problems: &mut Vec<String>) {
    if !link.is_empty() && !is_link(link) {
        problems.push(format!(
            "The {what} {key}: its guide must be a heading of an open page, such as /guides/limited-access#users."
        ));
    }
}

fn is_key(key: &str) -> bool {
    (1..=40).contains(&key.len())
        && key
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
