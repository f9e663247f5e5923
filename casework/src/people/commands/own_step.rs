//! What every step of a person on the own account begins and ends with.

use crate::{
    By, Caller, Desk, Error, Lock, Result, Step, accounts::lock, audit::Subject, entities::people,
    take,
};
use sea_orm::DatabaseTransaction;
use serde_json::Value;

/// The caller's account in the middle of a step.
pub(super) struct OwnStep<'a> {
    pub step: Step<'a>,
    pub person: people::Model,
}

impl<'a> OwnStep<'a> {
    /// Begins a step; the account is locked.
    ///
    /// # Errors
    /// [`Error::SignedOut`] where the account has ended meanwhile.
    pub async fn begin(desk: &'a Desk, caller: &'a Caller) -> Result<Self> {
        Self::of(Step::begin(desk, By::Person(caller)).await?, caller).await
    }

    /// As [`OwnStep::begin`], alone among those who give out usernames and addresses. Whoever
    /// registers holds that lock before any person's, and so does this.
    ///
    /// # Errors
    /// As [`OwnStep::begin`].
    pub async fn begin_alone(desk: &'a Desk, caller: &'a Caller) -> Result<Self> {
        let step = Step::begin(desk, By::Person(caller)).await?;
        take(step.transaction(), Lock::Identity).await?;
        Self::of(step, caller).await
    }

    async fn of(step: Step<'a>, caller: &Caller) -> Result<Self> {
        let person = lock(step.transaction(), caller.person.0).await?;
        if person.disabled_at.is_some() {
            return Err(Error::SignedOut);
        }
        Ok(Self { step, person })
    }

    /// Where the step reads and writes.
    pub const fn transaction(&self) -> &DatabaseTransaction {
        self.step.transaction()
    }

    /// Appends the event and commits.
    ///
    /// # Errors
    /// When the database does not answer; then nothing has happened.
    pub async fn commit(mut self, name: &'static str, body: Value) -> Result<()> {
        let subject = Subject::Person(self.person.id);
        self.step.append(subject, name, body, String::new());
        self.step.commit().await
    }
}
