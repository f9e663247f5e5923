//! What every step of an admin on a person begins and ends with.

use super::role_request::overtake;
use crate::{
    By, Caller, Desk, Error, Result, Step,
    accounts::{end_access, lock},
    audit::Subject,
    entities::people,
    policy::DeskAct,
    queries::audit::may,
    text::{Limits, line},
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set};
use serde_json::Value;
use workflow::PersonId;

/// A person in the middle of a step.
pub(super) struct PersonStep<'a> {
    pub step: Step<'a>,
    pub person: people::Model,
}

impl<'a> PersonStep<'a> {
    /// Authorises, then loads and locks the person as it was looked at.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`].
    pub async fn begin(
        desk: &'a Desk,
        caller: &'a Caller,
        person: PersonId,
        seen: u64,
    ) -> Result<Self> {
        may(desk, caller, DeskAct::ManagePeople)?;
        let step = Step::begin(desk, By::Person(caller)).await?;
        let person = lock(step.transaction(), person.0).await?;
        if u64::try_from(person.version) != Ok(seen) {
            return Err(conflict());
        }
        Ok(Self { step, person })
    }

    /// Where the step reads and writes.
    pub const fn transaction(&self) -> &DatabaseTransaction {
        self.step.transaction()
    }

    /// Writes what changes, as the next version of the account, and ends every session and link of
    /// the person: what was handed out before was handed out to someone with other rights. A
    /// request that waits for a second admin was about the account as it was, and ends too.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the person is another version by now; when the database does not
    /// answer.
    pub async fn write(&self, mut changes: people::ActiveModel) -> Result<()> {
        changes.version = Set(self.person.version + 1);
        let written = people::Entity::update_many()
            .set(changes)
            .filter(people::Column::Id.eq(self.person.id))
            .filter(people::Column::Version.eq(self.person.version))
            .exec(self.transaction())
            .await?;
        if written.rows_affected != 1 {
            return Err(conflict());
        }
        overtake(self.transaction(), self.person.id).await?;
        end_access(self.transaction(), self.person.id).await
    }

    /// Appends the event and commits.
    ///
    /// # Errors
    /// [`Error::Input`] on the field `reason`; when the database does not answer.
    pub async fn commit(mut self, name: &'static str, body: Value, reason: &str) -> Result<()> {
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
        let subject = Subject::Person(self.person.id);
        self.step.append(subject, name, body, reason);
        let desk = self.step.desk;
        self.step.commit().await?;
        desk.staff_changed.notify_one();
        Ok(())
    }
}

pub(super) const fn conflict() -> Error {
    Error::Conflict {
        changes: Vec::new(),
    }
}
