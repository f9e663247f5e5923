//! What was typed into a form, told in one line a sitting, by the titles of the form's questions:
//! the trail has an event for each time the form saved itself.

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

/// The events with the saves of each sitting in place of which its last one tells of all, and with
/// titles in place of keys; a file is named where the reader sees it among `files`. What cannot be
/// read stays as it is.
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
        if event.name == "attachment_added" {
            with_title_and_name(&mut event, title, files);
        }
        let Some(fields) = fields(&event) else {
            told.push(event);
            continue;
        };
        let mut all: Vec<String> = Vec::new();
        if let Some(last) = told.last()
            && is_same_sitting(last, &event)
        {
            all = self::fields(last).unwrap_or_default();
            told.pop();
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

fn is_same_sitting(last: &audit_events::Model, next: &audit_events::Model) -> bool {
    let gap = Timestamp::from_micros(next.at).since(Timestamp::from_micros(last.at));
    last.name == SAVED && last.actor == next.actor && gap <= SITTING
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
