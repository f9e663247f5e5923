//! What all steps on an app share: load, authorise, write, and record what changed, in one
//! transaction.

use crate::{
    By, Caller, Desk, Error, Result, Step,
    audit::{Entry, Subject},
    entities::apps,
    partners,
    policy::{self, AppAct},
    queries::trail,
    relations::AppPeople,
};
use sea_orm::{EntityTrait, QuerySelect};
use serde_json::Value;
use std::ops::Deref;
use workflow::{AppId, Relation};

/// What is said to whoever wants to do something with an archived app.
pub(crate) const ARCHIVED: &str = "This app is archived. An owner can restore it on its page.";

/// An app in the middle of a step, inside the transaction.
pub(crate) struct AppStep<'a> {
    step: Step<'a>,
    pub app: apps::Model,
    pub people: AppPeople,
}

impl<'a> Deref for AppStep<'a> {
    type Target = Step<'a>;
    fn deref(&self) -> &Step<'a> {
        &self.step
    }
}

impl<'a> AppStep<'a> {
    /// Begins a step: the app is locked, and the caller may do `act` with it.
    ///
    /// # Errors
    /// [`Error::NotFound`] to those who may not know of the app; [`Error::Forbidden`].
    pub async fn begin(
        desk: &'a Desk,
        caller: &'a Caller,
        app: AppId,
        act: AppAct,
    ) -> Result<Self> {
        let step = Self::begin_archived(desk, caller, app, act).await?;
        // Whoever wants to go may, whatever becomes of the app.
        if step.app.archived_at.is_some() && act != AppAct::Leave {
            return Err(Error::field("", ARCHIVED));
        }
        Ok(step)
    }

    /// As [`AppStep::begin`], also of an app that is archived.
    ///
    /// # Errors
    /// [`Error::NotFound`] to those who may not know of the app; [`Error::Forbidden`].
    pub async fn begin_archived(
        desk: &'a Desk,
        caller: &'a Caller,
        app: AppId,
        act: AppAct,
    ) -> Result<Self> {
        let step = Self::lock(Step::begin(desk, By::Person(caller)).await?, app).await?;
        let subject = app_subject(caller, &step.people);
        if !step.policy.allows(&subject, AppAct::Read) {
            return Err(Error::NotFound);
        }
        step.policy.require(&subject, act)?;
        Ok(step)
    }

    /// Begins the answer to an invitation, in a step in which the caller's invitation was found.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the policy lets nobody answer.
    pub async fn begin_invited(step: Step<'a>, caller: &Caller, app: AppId) -> Result<Self> {
        let step = Self::lock(step, app).await?;
        let mut relations = step.people.relations(caller.person);
        relations.insert(Relation::AppInvitee);
        let subject = policy::Subject::new(&caller.roles, &relations);
        if !step.policy.allows(&subject, AppAct::AnswerInvitation) {
            return Err(Error::NotFound);
        }
        Ok(step)
    }

    /// Within a step that is about a person of the app: the app is locked.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such app.
    pub async fn within(step: Step<'a>, app: AppId) -> Result<Self> {
        Self::lock(step, app).await
    }

    /// The step, to be gone on with.
    pub fn into_step(self) -> Step<'a> {
        self.step
    }

    async fn lock(step: Step<'a>, app: AppId) -> Result<Self> {
        let app = apps::Entity::find_by_id(app.0)
            .lock_exclusive()
            .one(step.transaction())
            .await?
            .ok_or(Error::NotFound)?;
        let people = AppPeople::of(step.transaction(), app.id).await?;
        Ok(Self { step, app, people })
    }

    /// Says that the step changes what the app is called, by which its cases are found.
    pub fn renames(&mut self) {
        self.step.search.app(self.app.id);
    }

    /// Ends the step with events of its own.
    ///
    /// # Errors
    /// When the database does not answer; then nothing was changed.
    pub async fn commit_with(mut self, entries: Vec<Entry>) -> Result<()> {
        for entry in entries {
            self.step.append_entry(entry);
        }
        self.step.commit().await
    }

    /// Says that the step changes what the criteria of partners look at.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn proves(&mut self) -> Result<()> {
        partners::follow(&mut self.step, self.app.id).await?;
        Ok(())
    }

    /// Ends the step with its audit event.
    ///
    /// # Errors
    /// When the database does not answer; then nothing was changed.
    pub async fn commit(mut self, name: &'static str, body: Value) -> Result<()> {
        let app = Subject::App(self.app.id);
        self.step.append(app, name, body, String::new());
        self.step.commit().await
    }
}

/// All that a caller is to an app.
pub(crate) fn app_subject(caller: &Caller, people: &AppPeople) -> policy::Subject {
    policy::Subject::new(&caller.roles, &people.relations(caller.person))
}

/// The refusal of a step on an app that has changed since the person looked, with the last change.
pub(crate) async fn conflict(desk: &Desk, app: AppId) -> Error {
    match trail::last_of_app(desk, app).await {
        Ok(changes) => Error::Conflict { changes },
        Err(error) => error,
    }
}
