//! What all steps on an entry share: load, authorise, decide, write, and record what changed, in one
//! transaction.

use crate::{
    By, Caller, Desk, Error, Result, Step,
    audit::Subject,
    gallery::store::{self, Stored},
    policy::{GalleryAct, Snapshot},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    ops::{Deref, DerefMut},
};
use workflow::{
    AppId, Refusal, Relation,
    gallery::{ActionKind, Listing, decide, of},
};

/// An entry in the middle of a step.
pub(in crate::gallery) struct EntryStep<'a> {
    pub step: Step<'a>,
    pub stored: Stored,
}

impl<'a> Deref for EntryStep<'a> {
    type Target = Step<'a>;
    fn deref(&self) -> &Step<'a> {
        &self.step
    }
}

impl DerefMut for EntryStep<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.step
    }
}

impl<'a> EntryStep<'a> {
    /// Begins a step of a person: the entry is locked, and the person may take it.
    ///
    /// # Errors
    /// [`Error::NotFound`] to those who may not know of the entry; [`Error::Forbidden`];
    /// [`Error::Conflict`] where the step judges what has changed since `seen`.
    pub async fn begin(
        desk: &'a Desk,
        caller: &'a Caller,
        app: AppId,
        kind: ActionKind,
        seen: u64,
    ) -> Result<Self> {
        let step = Self::begin_beside(desk, caller, app, kind).await?;
        if of(kind).judges && i64::try_from(seen) != Ok(step.stored.row.version) {
            return Err(Error::Conflict {
                changes: Vec::new(),
            });
        }
        Ok(step)
    }

    /// As [`EntryStep::begin`], for what does not depend on what was seen.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn begin_beside(
        desk: &'a Desk,
        caller: &'a Caller,
        app: AppId,
        kind: ActionKind,
    ) -> Result<Self> {
        let step = Step::begin(desk, By::Person(caller)).await?;
        let stored = match kind {
            ActionKind::Edit => Stored::load_or_begin(step.transaction(), app, step.now).await?,
            _ => Stored::load(step.transaction(), app, true, step.now).await?,
        };
        permitted(&step.policy, &stored, caller, kind)?;
        Ok(Self { step, stored })
    }

    /// Begins a step of the desk's own clock.
    ///
    /// # Errors
    /// When the database does not answer; [`Error::Forbidden`].
    pub async fn of_clock(desk: &'a Desk, app: AppId, kind: ActionKind) -> Result<Self> {
        let step = Step::begin(desk, By::Clock).await?;
        let stored = Stored::load(step.transaction(), app, true, step.now).await?;
        let clock =
            crate::policy::Subject::new(&BTreeSet::new(), &BTreeSet::from([Relation::Clock]));
        step.policy.require(&clock, kind)?;
        Ok(Self { step, stored })
    }

    /// Asks the rules, and takes over what they answer.
    ///
    /// # Errors
    /// [`Error::Refused`].
    pub fn decide(&mut self, kind: ActionKind) -> Result<()> {
        let next =
            decide(&self.stored.entry, kind, self.stored.facts()).map_err(Refusal::Gallery)?;
        self.stored.row = store::project(&self.stored.row, &next, self.step.now)?;
        self.stored.entry = next;
        Ok(())
    }

    /// Writes the entry and its draft, and the event: it says what was changed and carries nothing
    /// that anybody typed.
    ///
    /// # Errors
    /// [`Error::Conflict`]; when the database does not answer.
    pub async fn commit_draft(
        self,
        listing: &Listing,
        name: &'static str,
        more: Value,
    ) -> Result<()> {
        let stored = &self.stored;
        store::write(self.step.transaction(), &stored.row, stored.is_new).await?;
        let (entry, now) = (stored.row.id, self.step.now);
        store::write_draft(self.step.transaction(), entry, listing, now).await?;
        self.append_and_commit(name, more, String::new()).await
    }

    /// Writes the entry and the event; `reason` is what the person gave.
    ///
    /// # Errors
    /// [`Error::Conflict`]; when the database does not answer.
    pub async fn commit(self, name: &'static str, more: Value, reason: String) -> Result<()> {
        let stored = &self.stored;
        store::write(self.step.transaction(), &stored.row, stored.is_new).await?;
        self.append_and_commit(name, more, reason).await
    }

    async fn append_and_commit(
        mut self,
        name: &'static str,
        more: Value,
        reason: String,
    ) -> Result<()> {
        let mut body = json!({
            "entry": self.stored.row.id,
            "slug": self.stored.row.slug,
            "state": self.stored.row.state,
        });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        let subject = Subject::App(self.stored.app.id);
        self.step.append(subject, name, body, reason);
        self.step.commit().await
    }
}

/// Whether a person may take a step on an entry: before slow work, and again within the step.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`].
pub(super) fn permitted(
    policy: &Snapshot,
    stored: &Stored,
    caller: &Caller,
    kind: ActionKind,
) -> Result<()> {
    let subject = stored.subject_of(caller);
    let knows = policy.allows(&subject, GalleryAct::Read)
        || (!stored.is_new && policy.allows(&subject, GalleryAct::ReadInternal));
    if !knows {
        return Err(Error::NotFound);
    }
    Ok(policy.require(&subject, kind)?)
}
