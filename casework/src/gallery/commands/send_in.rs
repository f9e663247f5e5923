//! Send an entry in for review: from then on this version stays as it is.

use super::{EntryStep, entry_step::permitted};
use crate::{
    Caller, Desk, Error, Result,
    digest::sha256,
    entities::gallery_versions,
    gallery::{letters, refused::refused_before, store::Stored},
    input::input,
};
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait, EntityTrait};
use serde_json::json;
use workflow::{
    AppId,
    form::Problem,
    gallery::{ActionKind, Listing, missing},
};

input! {
    /// What is sent in is what was saved.
    pub struct SendInEntryInput for "send_in_entry" OnDesk {
        hidden app: AppId;
        hidden version: u64;
    }
}

/// Freezes what was written as the next version, and asks us to look at it. Every link is visited
/// before.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`]; [`Error::Input`] for what is missing and for links that do
/// not answer; [`Error::Refused`].
pub async fn send_in_entry(desk: &Desk, caller: &Caller, app: AppId, seen: u64) -> Result<()> {
    let kind = ActionKind::SendIn;
    let stored = Stored::load(desk.database.read(), app, false, desk.now()).await?;
    permitted(&desk.policy.snapshot(), &stored, caller, kind)?;
    let looked_at = stored.listing();
    let mut problems = missing(&looked_at);
    if problems.is_empty() {
        problems = dead_links(desk, &looked_at).await;
    }
    let mut step = EntryStep::begin(desk, caller, app, kind, seen).await?;
    let listing = step.stored.listing();
    if listing != looked_at {
        return Err(Error::Conflict {
            changes: Vec::new(),
        });
    }
    step.decide(kind)?;
    if problems.is_empty() {
        let same = refused_before(step.transaction(), &step.stored, &listing).await?;
        problems.extend(same);
    }
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    let body = serde_json::to_string(&listing)?;
    let version = step.stored.row.newest_version;
    let hash = sha256(body.as_bytes());
    let row = gallery_versions::Model {
        entry_id: step.stored.row.id,
        version,
        sha256: hash.clone(),
        body,
        made_at: step.now.micros(),
        made_by: caller.person.0,
    };
    gallery_versions::Entity::insert(gallery_versions::ActiveModel::from(row).reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    step.stored.row.asked.clear();
    letters::sent_in(&step, &step.stored).await?;
    let body = json!({ "after": { "version": version, "sha256": hash } });
    step.commit("entry_sent_in", body, String::new()).await
}

/// What is wrong with the links of an entry, each as a problem of its field.
async fn dead_links(desk: &Desk, listing: &Listing) -> Vec<Problem> {
    let visits = listing.links.iter().map(async |(store, link)| {
        let fault = desk.links.problem(link).await?;
        Some(Problem {
            field: store.word().to_owned(),
            text: format!("{}: {fault}", store.label()),
        })
    });
    join_all(visits).await.into_iter().flatten().collect()
}
