//! Publish a new version of the request form or of a checklist. Cases keep the version they began
//! with.

use super::publish_next::PublishNext;
use crate::{
    Caller, Desk, Error, Result,
    guides::{is_link, missing},
    input::{TAKEN, input},
    policy::{DeskAct, Subject},
    reference::{REQUEST_FORM, check, publish::Document},
    text::clean_inside,
};
use serde_json::Value;
use std::collections::BTreeSet;
use workflow::{
    checklist::{Checklist, ListKind},
    form::{Form, Problem},
    relied::EVERY_FILE,
};

input! {
    /// The next version of a form or checklist.
    pub struct PublishTemplateInput for "publish_template" OnDesk {
        hidden kind: String;
        /// The version in force that the admin saw.
        hidden seen: u32;
        typed body: String = "Template" up to LARGEST_TEMPLATE;
    }
}

/// The largest template, in bytes of JSON.
pub const LARGEST_TEMPLATE: usize = workflow::limits::TEMPLATE_BYTES;

/// Publishes `body` (the JSON of a form or checklist; its version number is set here) as the next
/// version of the template of this kind; `seen` is the newest version the person looked at.
/// Answers the new version.
///
/// # Errors
/// [`Error::Forbidden`] to those who may not manage templates, [`Error::Input`] on the field
/// `body` with everything wrong, [`Error::Conflict`] when another version has been published
/// meanwhile.
pub async fn publish_template(
    desk: &Desk,
    caller: &Caller,
    kind: &str,
    body: &str,
    seen: u32,
) -> Result<u32> {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    desk.policy.require(&subject, DeskAct::ManageTemplates)?;
    if body.len() > LARGEST_TEMPLATE {
        return Err(Error::field("body", "Template: it is larger than 500 kB."));
    }
    let step = PublishNext {
        document: Document::Template,
        kind,
        seen,
    };
    let lost = missing(
        desk.database.read(),
        guides_in(body)?.iter().map(String::as_str),
    )
    .await?;
    let lost = lost
        .into_iter()
        .map(|link| format!("There is no heading where the guide {link} leads to."));
    sound(lost.chain(unasked(desk, kind, body)).collect())?;
    step.run(desk, caller, |newest, version| {
        let next = in_version(kind, body, version)?;
        let same = newest.is_some_and(|newest| {
            in_version(kind, &newest.body, version).is_ok_and(|stands| stands == next)
        });
        if same {
            return Err(Error::field(
                "body",
                "Template: this is the version already in force; change it, then publish.",
            ));
        }
        Ok(next)
    })
    .await
}

/// Every heading of an open page that a template points at; none where it cannot be read, which is
/// said when it is.
fn guides_in(body: &str) -> Result<Vec<String>> {
    fn walk(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(entries) => {
                let guide = entries.get("guide").and_then(Value::as_str);
                found.extend(guide.filter(|link| is_link(link)).map(str::to_owned));
                entries.values().for_each(|value| walk(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_str(body) {
        walk(&value, &mut found);
    }
    Ok(found)
}

/// What the items of a checklist are said to concern and no field of the form in force asks for.
fn unasked(desk: &Desk, kind: &str, body: &str) -> Vec<String> {
    let known = desk.reference.known();
    let Some(form) = known.forms.values().next_back() else {
        return Vec::new();
    };
    let list = serde_json::from_str::<Checklist>(body).ok();
    let items = list.filter(|_| kind != REQUEST_FORM).map(|list| list.items);
    let is_asked = |key: &str| key == EVERY_FILE || form.field(key).is_some();
    items
        .into_iter()
        .flatten()
        .flat_map(|item| {
            let keys = item.concerns.into_iter().flatten();
            let unasked = keys.filter(|key| !is_asked(key));
            let told = unasked.map(|key| {
                let item = item.key.escape_default();
                let key = key.escape_default();
                format!(
                    "The item {item}: it concerns {key}, which the request form does not ask for."
                )
            });
            told.collect::<Vec<_>>()
        })
        .collect()
}

/// The template with its version, written anew, if it can be worked with.
fn in_version(kind: &str, body: &str, version: u32) -> Result<String> {
    let unreadable = |error: serde_json::Error| {
        Error::field("body", format!("Template: it cannot be read: {error}."))
    };
    if kind == REQUEST_FORM {
        let mut form: Form = serde_json::from_str(body).map_err(unreadable)?;
        form = clean_inside(&form)?;
        form.version = version;
        let mut problems = check::form_problems(&form);
        problems.extend(taken_names(&form));
        sound(problems)?;
        Ok(serde_json::to_string_pretty(&form)?)
    } else {
        let kind = ListKind::from_word(kind).ok_or(Error::NotFound)?;
        let mut list: Checklist = serde_json::from_str(body).map_err(unreadable)?;
        list = clean_inside(&list)?;
        list.version = version;
        list.kind = kind;
        sound(check::list_problems(&list))?;
        Ok(serde_json::to_string_pretty(&list)?)
    }
}

/// Fields whose key is a name that the page of the form uses itself: what was typed into them would
/// be lost.
fn taken_names(form: &Form) -> impl Iterator<Item = String> {
    let fields = form.sections.iter().flat_map(|section| &section.fields);
    fields
        .filter(|field| TAKEN.contains(&field.key.as_str()))
        .map(|field| {
            format!(
                "The field {}: the page uses this name itself; choose another key.",
                field.key
            )
        })
}

fn sound(texts: Vec<String>) -> Result<()> {
    if texts.is_empty() {
        return Ok(());
    }
    let problems = texts
        .into_iter()
        .map(|text| Problem {
            field: "body".to_owned(),
            text,
        })
        .collect();
    Err(Error::Input { problems })
}
