//! What all steps on an app share: load, authorise, write, and record what changed, in one
//! transaction.

use crate::{
    Caller, Desk, Error, Result,
    audit::{self, Entry, Subject},
    entities::{app_members, apps},
    policy::{self, Verdict},
    queries::trail,
    store::{app_relations, members_of},
};
use sea_orm::{DatabaseTransaction, EntityTrait, QuerySelect};
use serde_json::Value;
use workflow::{Actor, AppId};

/// An app in the middle of a step, inside the transaction.
pub(crate) struct AppStep {
    pub transaction: DatabaseTransaction,
    pub app: apps::Model,
    pub members: Vec<app_members::Model>,
}

impl AppStep {
    /// Begins a step: the app is locked, and the caller may take `action` with it.
    ///
    /// # Errors
    /// [`Error::NotFound`] to those who may not know of the app; [`Error::Forbidden`].
    pub async fn begin(
        desk: &Desk,
        caller: &Caller,
        app: AppId,
        action: &'static str,
    ) -> Result<Self> {
        let transaction = desk.database.begin().await?;
        let app = apps::Entity::find_by_id(app.0)
            .lock_exclusive()
            .one(&transaction)
            .await?
            .ok_or(Error::NotFound)?;
        let members = members_of(&transaction, app.id).await?;
        let subject = app_subject(caller, &members);
        if desk.policy.ask(&subject, "app", "read") != Verdict::Allowed {
            return Err(Error::NotFound);
        }
        desk.policy.require(&subject, "app", action)?;
        Ok(Self {
            transaction,
            app,
            members,
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
            desk.policy.version(),
            vec![entry],
        )
        .await?;
        self.transaction.commit().await?;
        Ok(())
    }
}

/// All that a caller is to an app.
pub(crate) fn app_subject(caller: &Caller, members: &[app_members::Model]) -> policy::Subject {
    policy::Subject::new(&caller.roles, &app_relations(members, caller.person))
}

/// The refusal of a step on an app that has changed since the person looked, with the last change.
pub(crate) async fn conflict(desk: &Desk, app: AppId) -> Error {
    match trail::last_of_app(desk, app).await {
        Ok(changes) => Error::Conflict { changes },
        Err(error) => error,
    }
}
