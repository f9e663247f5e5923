//! Which names events have: for a list to choose from.

use crate::{Result, entities::audit_events};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

/// The names of all events that this process has seen, and up to which event it has looked. A trail
/// only grows, so what was seen stays true.
#[derive(Debug, Default)]
pub(crate) struct EventNames(Mutex<(i64, BTreeSet<String>)>);

impl EventNames {
    /// Every name, in order; of the events since the last time only new ones are read.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn all(&self, database: &impl ConnectionTrait) -> Result<Vec<String>> {
        let seen = self.lock().0;
        let since: Vec<(String, i64)> = audit_events::Entity::find()
            .select_only()
            .column(audit_events::Column::Name)
            .column_as(audit_events::Column::Seq.max(), "last")
            .filter(audit_events::Column::Seq.gt(seen))
            .group_by(audit_events::Column::Name)
            .into_tuple()
            .all(database)
            .await?;
        let mut known = self.lock();
        for (name, last) in since {
            known.0 = known.0.max(last);
            known.1.insert(name);
        }
        Ok(known.1.iter().cloned().collect())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (i64, BTreeSet<String>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
