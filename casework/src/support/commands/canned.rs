//! What is published of canned texts, and what is put into an answer of them.

use super::request_step::RequestStep;
use crate::{
    By, Caller, Desk, Error, Lock, Result, Step,
    audit::Subject,
    digest::sha256,
    entities::canned_texts,
    input::input,
    policy::{self, DeskAct},
    support::canned::{LONGEST_CANNED, LONGEST_TITLE, MOST_CANNED, PLACES, newest, strange_places},
    take,
    text::{Limits, fold, line, lines},
};
use sea_orm::{ActiveModelTrait, EntityTrait};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{
    form::Problem,
    support::{ActionKind, RequestNumber},
};

input! {
    /// The next version of a canned text, or a new one. One button retires it.
    pub struct PublishCannedTextInput for "publish_canned_text" OnDesk {
        /// None for a new one.
        hidden text: Option<Uuid>;
        /// The version that the person saw; 0 for a new one.
        hidden seen: u32;
        typed title: String = "Title" up to LONGEST_TITLE;
        typed body: String = "Text" up to LONGEST_CANNED;
        typed retired: bool = "Retired";
    }
}

/// Publishes the next version of a canned text; answers whose it is.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] for no text of ours; [`Error::Input`] on `title` and
/// `body`; [`Error::Conflict`] when another version has been published meanwhile.
pub async fn publish_canned_text(
    desk: &Desk,
    caller: &Caller,
    input: &PublishCannedTextInput,
) -> Result<Uuid> {
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let subject = policy::Subject::new(&caller.roles, &BTreeSet::new());
    step.policy.require(&subject, DeskAct::ManageCannedTexts)?;
    take(step.transaction(), Lock::Publish).await?;
    let all = newest(step.transaction()).await?;
    let before = match input.text {
        Some(id) => Some(all.iter().find(|row| row.id == id).ok_or(Error::NotFound)?),
        None => None,
    };
    let version = before.map_or(0, |row| row.version);
    if i64::from(version) != i64::from(input.seen) {
        return Err(Error::Conflict {
            changes: Vec::new(),
        });
    }
    let (title, body) = checked(input)?;
    let mut problems = Vec::new();
    let mut wrong = |field: &str, text: &str| {
        problems.push(Problem {
            field: field.to_owned(),
            text: text.to_owned(),
        });
    };
    let offered = || {
        all.iter()
            .filter(|row| !row.retired && Some(row.id) != input.text)
    };
    if !input.retired {
        if offered().any(|row| fold(&row.title) == fold(&title)) {
            wrong("title", "Title: another text is called so; choose another.");
        }
        if offered().count() >= MOST_CANNED {
            wrong(
                "title",
                "Title: there are 100 texts already; retire one that is not used.",
            );
        }
    }
    if let Some(row) = before
        && (&row.title, &row.body, row.retired) == (&title, &body, input.retired)
    {
        wrong(
            "body",
            "Text: this is the text that stands there already; change it, then publish.",
        );
    }
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    let row = canned_texts::Model {
        id: before.map_or_else(Uuid::now_v7, |row| row.id),
        version: version + 1,
        title,
        sha256: sha256(body.as_bytes()),
        body,
        retired: input.retired,
        published_at: step.now.micros(),
        published_by: caller.person.0,
    };
    let told = json!({
        "text": row.id,
        "title": row.title,
        "before": before.map(|row| json!({ "version": row.version, "sha256": row.sha256 })),
        "after": { "version": row.version, "sha256": row.sha256 },
    });
    let name = match input.retired {
        true => "canned_text_retired",
        false => "canned_text_published",
    };
    let id = row.id;
    canned_texts::Entity::insert(canned_texts::ActiveModel::from(row).reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    step.append(Subject::Desk, name, told, String::new());
    step.commit().await?;
    Ok(id)
}

/// Title and text as they are published.
fn checked(input: &PublishCannedTextInput) -> Result<(String, String)> {
    let mut problems = Vec::new();
    let limits = |field, label, max| Limits {
        field,
        label,
        min: 3,
        max,
    };
    let title = limits("title", "Title", LONGEST_TITLE);
    let title = line(title, &input.title, &mut problems);
    let body = limits("body", "Text", LONGEST_CANNED);
    let body = lines(body, &input.body, &mut problems);
    let strange = strange_places(&body);
    if !strange.is_empty() {
        let known: Vec<String> = PLACES
            .iter()
            .map(|(name, _)| format!("{{{name}}}"))
            .collect();
        problems.push(Problem {
            field: "body".to_owned(),
            text: format!(
                "Text: {} stands for nothing; there are {}.",
                strange.join(", "),
                known.join(", ")
            ),
        });
    }
    if problems.is_empty() {
        Ok((title, body))
    } else {
        Err(Error::Input { problems })
    }
}

/// Looks whether a canned text can stand in an answer; the page that is drawn anew puts it behind
/// what was typed. Nothing is sent.
///
/// # Errors
/// Always: [`Error::PutIn`] where it can; [`Error::Input`] on `canned` where none was chosen, or
/// one that is not offered any more; else see `RequestStep::begin`.
pub async fn put_in_canned_text(
    desk: &Desk,
    caller: &Caller,
    number: RequestNumber,
    canned: Option<Uuid>,
) -> Result<()> {
    // It changes nothing, so it may be asked of a page that somebody has overtaken.
    let step = RequestStep::begin(desk, caller, number, ActionKind::Note, None).await?;
    let subject = step.stored.subject_of(caller);
    step.policy.require(&subject, ActionKind::Reply)?;
    let offered = newest(step.transaction()).await?;
    let found = offered
        .iter()
        .any(|row| !row.retired && Some(row.id) == canned);
    if found {
        return Err(Error::PutIn);
    }
    Err(Error::field(
        "canned",
        "Canned text: choose one of the list.",
    ))
}

/// What was typed, and behind it a canned text.
pub fn put_behind(typed: &str, canned: &str) -> String {
    let typed = typed.trim_end();
    if typed.is_empty() {
        canned.to_owned()
    } else {
        format!("{typed}\n\n{canned}")
    }
}
