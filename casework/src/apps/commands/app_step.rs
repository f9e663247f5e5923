//! What all steps on an app share: load, authorise, write, and record what changed, in one
//! transaction.

use crate::{
    Caller, Desk, Error, Result,
    audit::{self, Entry, Subject},
    entities::apps,
    policy::{self, AppAct, Snapshot},
    queries::trail,
    relations::AppPeople,
};
use sea_orm::{DatabaseTransaction, EntityTrait, QuerySelect};
use serde_json::Value;
use workflow::{Actor, AppId, Relation};

/// An app in the middle of a step, inside the transaction.
pub(crate) struct AppStep {
    pub transaction: DatabaseTransaction,
    pub app: apps::Model,
    pub people: AppPeople,
    /// What is asked in this step, and recorded with it.
    pub policy: Snapshot,
}

impl AppStep {
    /// Begins a step: the app is locked, and the caller may do `act` with it.
    ///
    /// # Errors
    /// [`Error::NotFound`] to those who may not know of the app; [`Error::Forbidden`].
    pub async fn begin(desk: &Desk, caller: &Caller, app: AppId, act: AppAct) -> Result<Self> {
        let transaction = desk.database.begin().await?;
        let step = Self::lock(desk, app, transaction).await?;
        let subject = app_subject(caller, &step.people);
        if !step.policy.allows(&subject, AppAct::Read) {
            return Err(Error::NotFound);
        }
        step.policy.require(&subject, act)?;
        Ok(step)
    }

    /// Begins the answer to an invitation, in a transaction in which the caller's invitation was
    /// found.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the policy lets nobody answer.
    pub async fn begin_invited(
        desk: &Desk,
        caller: &Caller,
        app: AppId,
        transaction: DatabaseTransaction,
    ) -> Result<Self> {
        let step = Self::lock(desk, app, transaction).await?;
        let mut relations = step.people.relations(caller.person);
        relations.insert(Relation::AppInvitee);
        let subject = policy::Subject::new(&caller.roles, &relations);
        if !step.policy.allows(&subject, AppAct::AnswerInvitation) {
            return Err(Error::NotFound);
        }
        Ok(step)
    }

    async fn lock(desk: &Desk, app: AppId, transaction: DatabaseTransaction) -> Result<Self> {
        let app = apps::Entity::find_by_id(app.0)
            .lock_exclusive()
            .one(&transaction)
            .await?
            .ok_or(Error::NotFound)?;
        let people = AppPeople::of(&transaction, app.id).await?;
        Ok(Self {
            transaction,
            app,
            people,
            policy: desk.policy.snapshot(),
        })
    }

    /// Ends the step with its audit event.
    ///
    /// # Errors
    /// When the database does not answer; then nothing was changed.
    pub async fn commit(
        self,
        desk: &Desk,
        caller: &Caller,
        name: &'static str,
        body: Value,
    ) -> Result<()> {
        let entry = Entry {
            actor: Some(Actor::Person(caller.person)),
            subject: Subject::App(self.app.id),
            name,
            body,
            reason: String::new(),
        };
        audit::append(
            &self.transaction,
            desk.now(),
            self.policy.version(),
            vec![entry],
        )
        .await?;
        self.transaction.commit().await?;
        Ok(())
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
