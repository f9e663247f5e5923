//! A form that is sent twice is carried out once.

use crate::{Caller, Result, entities::once_keys};
use sea_orm::{ConnectionTrait, EntityTrait, Set, sea_query::OnConflict};
use workflow::Timestamp;

/// The key that a page puts into each form it draws.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once(String);

impl Once {
    /// From the form; nothing for a key that no page of ours can have made.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<uuid::Uuid>()
            .ok()
            .map(|key| Self(key.to_string()))
    }

    /// The key as pages carry it.
    pub fn key(&self) -> &str {
        &self.0
    }

    /// Whether this person has had this form carried out.
    pub(crate) async fn is_spent(
        &self,
        connection: &impl ConnectionTrait,
        caller: Option<&Caller>,
    ) -> Result<bool> {
        let row = once_keys::Entity::find_by_id(self.0.as_str())
            .one(connection)
            .await?;
        Ok(row.is_some_and(|row| row.person_id == caller.map(|caller| caller.person.0)))
    }

    /// Notes that the form is carried out now; false if this person has had it carried out before.
    /// Waits for a sending of the same form that is being carried out (PostgreSQL; on SQLite
    /// transactions that write exclude each other).
    pub(crate) async fn claim(
        &self,
        connection: &impl ConnectionTrait,
        caller: Option<&Caller>,
        now: Timestamp,
    ) -> Result<bool> {
        let fresh = self.spend(connection, caller, now).await? > 0;
        Ok(fresh || !self.is_spent(connection, caller).await?)
    }

    /// Notes that the form has been carried out; answers how many keys that were not there before
    /// it wrote.
    pub(crate) async fn spend(
        &self,
        connection: &impl ConnectionTrait,
        caller: Option<&Caller>,
        now: Timestamp,
    ) -> Result<u64> {
        let written = once_keys::Entity::insert(once_keys::ActiveModel {
            key: Set(self.0.clone()),
            person_id: Set(caller.map(|caller| caller.person.0)),
            location: Set(String::new()),
            created_at: Set(now.micros()),
        })
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(connection)
        .await?;
        Ok(written)
    }
}
