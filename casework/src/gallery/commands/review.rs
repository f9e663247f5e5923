//! Our steps on an entry: ask for changes, publish, take down.

use super::{EntryStep, LONGEST_REASON};
use crate::{
    Caller, Desk, Error, Result,
    gallery::{letters, links, store},
    input::input,
    typed::required,
};
use serde_json::json;
use workflow::{AppId, gallery::ActionKind};

input! {
    /// What is to be changed.
    pub struct AskEntryChangesInput for "ask_entry_changes" OnDesk {
        hidden app: AppId;
        hidden version: u64;
        typed text: String = "What to change" up to LONGEST_REASON;
    }
}

input! {
    /// Everybody is to see what was sent in.
    pub struct PublishEntryInput for "publish_entry" OnDesk {
        hidden app: AppId;
        hidden version: u64;
    }
}

input! {
    /// Nobody is to see it any more, and why.
    pub struct TakeDownEntryInput for "take_down_entry" OnDesk {
        hidden app: AppId;
        hidden version: u64;
        typed reason: String = "Why" up to LONGEST_REASON;
    }
}

/// Asks the developer for changes.
///
/// # Errors
/// [`Error::NotFound`] to those who may not know of the entry; [`Error::Forbidden`], also to those in
/// conflict of interest; [`Error::Conflict`]; [`Error::Input`] on `text`; [`Error::Refused`].
pub async fn ask_entry_changes(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    seen: u64,
    text: &str,
) -> Result<()> {
    let kind = ActionKind::AskChanges;
    let mut step = EntryStep::begin(desk, caller, app, kind, seen).await?;
    let text = reason("text", "What to change", text)?;
    step.decide(kind)?;
    step.stored.row.asked.clone_from(&text);
    letters::changes_asked(&step, &step.stored, &text).await?;
    let body = json!({ "version": step.stored.row.newest_version });
    step.commit("entry_changes_asked", body, text).await
}

/// Publishes what was sent in: it takes the place of the version before.
///
/// # Errors
/// As [`ask_entry_changes`].
pub async fn publish_entry(desk: &Desk, caller: &Caller, app: AppId, seen: u64) -> Result<()> {
    let kind = ActionKind::Publish;
    let mut step = EntryStep::begin(desk, caller, app, kind, seen).await?;
    step.decide(kind)?;
    let stored = &mut step.stored;
    let listing = stored.newest.clone().ok_or(Error::NotFound)?;
    stored.row = store::found_by(stored.row.clone(), &listing);
    stored.row.published_at = Some(step.step.now.micros());
    stored.row.asked.clear();
    let entry = step.stored.row.id;
    store::end_draft(step.transaction(), entry).await?;
    links::watch(step.transaction(), entry, &listing, step.now).await?;
    letters::published(&step, &step.stored).await?;
    let body = json!({ "version": step.stored.row.newest_version });
    step.commit("entry_published", body, String::new()).await
}

/// Takes the public version out of the gallery.
///
/// # Errors
/// As [`ask_entry_changes`]; [`Error::Input`] on `reason`.
pub async fn take_down_entry(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    seen: u64,
    why: &str,
) -> Result<()> {
    let kind = ActionKind::TakeDown;
    let mut step = EntryStep::begin(desk, caller, app, kind, seen).await?;
    let why = reason("reason", "Why", why)?;
    let version = step.stored.row.public_version;
    step.decide(kind)?;
    links::forget(step.transaction(), step.stored.row.id).await?;
    letters::taken_down(&step, &step.stored, &why).await?;
    let body = json!({ "version": version });
    step.commit("entry_taken_down", body, why).await
}

fn reason(field: &str, label: &str, typed: &str) -> Result<String> {
    let text = required(field, label, typed, "write it down for the developer.")?;
    let count = text.chars().count();
    if count > LONGEST_REASON {
        return Err(Error::field(
            field,
            format!("{label}: shorten it to {LONGEST_REASON} characters; it has {count}."),
        ));
    }
    Ok(text)
}
