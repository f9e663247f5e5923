//! What was typed into a form, and which files were attached, each told in one line a sitting, by the
//! titles of the form's questions: the trail has an event for each time the form saved itself, and for
//! each file.

use super::case_page::Attached;
use crate::entities::audit_events;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use time::Duration;
use workflow::{FilesOf, Timestamp, form::Form};

/// Saves of one person that follow each other within this time are one sitting.
const SITTING: Duration = Duration::minutes(30);

/// The event of a form that was saved.
const SAVED: &str = "draft_edited";

/// The event of a file that was attached.
const ADDED: &str = "attachment_added";

/// The events with the saves of each sitting in place of which its last one tells of all, with its files
/// in one line too, and with titles in place of keys; a file is named where the reader sees it among
/// `files`. What cannot be read stays as it is.
pub(super) fn told(
    events: Vec<audit_events::Model>,
    form: &Form,
    files: &[Attached],
) -> Vec<audit_events::Model> {
    let titles: BTreeMap<&str, &str> = form
        .sections
        .iter()
        .flat_map(|section| &section.fields)
        .map(|field| (field.key.as_str(), field.label.as_str()))
        .collect();
    let title = |key: &str| match titles.get(key) {
        Some(title) => (*title).to_owned(),
        None => FilesOf::read(key).label().unwrap_or(key).to_owned(),
    };
    let mut told: Vec<audit_events::Model> = Vec::with_capacity(events.len());
    for mut event in events {
        if event.name == ADDED {
            with_title_and_name(&mut event, title, files);
            if let Some(before) = of_sitting(&told, &event) {
                with_files_of(&mut event, &told.remove(before));
            }
            told.push(event);
            continue;
        }
        let Some(fields) = fields(&event) else {
            told.push(event);
            continue;
        };
        let mut all: Vec<String> = Vec::new();
        if let Some(before) = of_sitting(&told, &event) {
            all = self::fields(&told.remove(before)).unwrap_or_default();
        }
        for field in fields {
            let title = title(&field);
            if !all.contains(&title) {
                all.push(title);
            }
        }
        event.body = json!({ "event": { "event": SAVED, "fields": all } }).to_string();
        told.push(event);
    }
    told
}

/// Where the line of the same kind stands that the sitting of this event has already.
fn of_sitting(told: &[audit_events::Model], next: &audit_events::Model) -> Option<usize> {
    let gap = |last: &audit_events::Model| {
        Timestamp::from_micros(next.at).since(Timestamp::from_micros(last.at))
    };
    // Between text and files one goes to and fro.
    let same = told.iter().enumerate().rev().take_while(|(_, last)| {
        [SAVED, ADDED].contains(&last.name.as_str())
            && last.actor == next.actor
            && gap(last) <= SITTING
    });
    let mut same = same.filter(|(_, last)| last.name == next.name);
    same.next().map(|(at, _)| at)
}

/// With the files of an earlier line in front of its own, one a line; where each belongs is said once.
fn with_files_of(event: &mut audit_events::Model, before: &audit_events::Model) {
    let read = |event: &audit_events::Model| serde_json::from_str::<Value>(&event.body).ok();
    let (Some(mut body), Some(earlier)) = (read(event), read(before)) else {
        return;
    };
    for (part, between) in [("name", "\n"), ("field", ", ")] {
        let Some(Value::Object(event)) = body.get_mut("event") else {
            return;
        };
        let text =
            |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let own = text(event.get(part));
        let all = text(earlier.get("event").and_then(|event| event.get(part)));
        let has = part == "field" && all.split(between).any(|one| one == own);
        let all = if has {
            all
        } else {
            format!("{all}{between}{own}")
        };
        event.insert(part.to_owned(), json!(all));
    }
    event.body = body.to_string();
}

/// What was saved; none where it is another event.
fn fields(event: &audit_events::Model) -> Option<Vec<String>> {
    if event.name != SAVED {
        return None;
    }
    let body: Value = serde_json::from_str(&event.body).ok()?;
    serde_json::from_value(body.pointer("/event/fields")?.clone()).ok()
}

fn with_title_and_name(
    event: &mut audit_events::Model,
    title: impl Fn(&str) -> String,
    files: &[Attached],
) {
    let Ok(mut body) = serde_json::from_str::<Value>(&event.body) else {
        return;
    };
    if let Some(field) = body.pointer_mut("/event/field")
        && let Some(key) = field.as_str()
    {
        *field = json!(title(key));
        let id = body.pointer("/event/attachment").and_then(Value::as_str);
        let file = files
            .iter()
            .find(|file| id == Some(file.id.to_string().as_str()));
        let name = file.map_or(String::new(), |file| file.name.clone());
        if let Some(Value::Object(event)) = body.get_mut("event") {
            event.insert("name".to_owned(), json!(name));
        }
        event.body = body.to_string();
    }
}
