//! The other steps of an entry's developer.

use super::EntryStep;
use crate::{
    Caller, Desk, Result,
    gallery::{links, store},
    input::input,
};
use serde_json::json;
use workflow::{AppId, gallery::ActionKind};

input! {
    /// It is not to be looked at after all.
    pub struct TakeBackEntryInput for "take_back_entry" OnDesk {
        hidden app: AppId;
        hidden version: u64;
    }
}

input! {
    /// What was written since the last public version goes.
    pub struct DiscardEntryInput for "discard_entry" OnDesk {
        hidden app: AppId;
        hidden version: u64;
    }
}

input! {
    /// The entry is to be shown no more.
    pub struct UnlistEntryInput for "unlist_entry" OnDesk {
        hidden app: AppId;
        hidden version: u64;
    }
}

/// Takes an entry back out of the review.
///
/// # Errors
/// [`crate::Error::NotFound`]; [`crate::Error::Refused`].
pub async fn take_back_entry(desk: &Desk, caller: &Caller, app: AppId, seen: u64) -> Result<()> {
    let kind = ActionKind::TakeBack;
    let mut step = EntryStep::begin(desk, caller, app, kind, seen).await?;
    step.decide(kind)?;
    step.commit("entry_taken_back", json!({}), String::new())
        .await
}

/// Gives up what was written since the last version that was public.
///
/// # Errors
/// [`crate::Error::NotFound`]; [`crate::Error::Conflict`]; [`crate::Error::Refused`].
pub async fn discard_entry(desk: &Desk, caller: &Caller, app: AppId, seen: u64) -> Result<()> {
    let kind = ActionKind::Discard;
    let mut step = EntryStep::begin(desk, caller, app, kind, seen).await?;
    step.decide(kind)?;
    step.stored.row.asked.clear();
    store::end_draft(step.transaction(), step.stored.row.id).await?;
    step.commit("entry_discarded", json!({}), String::new())
        .await
}

/// Takes the public version out of the gallery; what is being written stays.
///
/// # Errors
/// [`crate::Error::NotFound`]; [`crate::Error::Refused`].
pub async fn unlist_entry(desk: &Desk, caller: &Caller, app: AppId, seen: u64) -> Result<()> {
    let kind = ActionKind::Unlist;
    let mut step = EntryStep::begin(desk, caller, app, kind, seen).await?;
    step.decide(kind)?;
    links::forget(step.transaction(), step.stored.row.id).await?;
    step.commit("entry_unlisted", json!({}), String::new())
        .await
}
