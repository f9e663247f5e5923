//! What every step of an admin on a person begins and ends with.

use crate::{
    Caller, Desk, Error, Result,
    accounts::find,
    audit::{self, Entry, Subject},
    entities::people,
    queries::audit::may,
    text::{Limits, line},
};
use sea_orm::DatabaseTransaction;
use serde_json::Value;
use workflow::{Actor, PersonId};

/// A person in the middle of a step.
pub(super) struct PersonStep {
    pub transaction: DatabaseTransaction,
    pub person: people::Model,
}

impl PersonStep {
    /// Authorises, then loads the person as it was looked at.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`].
    pub async fn begin(desk: &Desk, caller: &Caller, person: PersonId, seen: u64) -> Result<Self> {
        may(desk, caller, "manage_people")?;
        let transaction = desk.database.begin().await?;
        let person = find(&transaction, person).await?;
        if u64::try_from(person.version).unwrap_or(0) != seen {
            return Err(Error::Conflict {
                changes: Vec::new(),
            });
        }
        Ok(Self {
            transaction,
            person,
        })
    }

    /// Appends the event and commits.
    ///
    /// # Errors
    /// [`Error::Input`] on the field `reason`; when the database does not answer.
    pub async fn commit(
        self,
        desk: &Desk,
        caller: &Caller,
        name: &'static str,
        body: Value,
        reason: &str,
    ) -> Result<()> {
        let limits = Limits {
            field: "reason",
            label: "Reason",
            min: 3,
            max: 500,
        };
        let mut problems = Vec::new();
        let reason = line(limits, reason, &mut problems);
        if !problems.is_empty() {
            return Err(Error::Input { problems });
        }
        let entry = Entry {
            actor: Some(Actor::Person(caller.person)),
            subject: Subject::Person(self.person.id),
            name,
            body,
            reason,
        };
        let version = desk.policy.version();
        audit::append(&self.transaction, desk.now(), version, vec![entry]).await?;
        self.transaction.commit().await?;
        Ok(())
    }
}
