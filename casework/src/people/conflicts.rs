//! With which organisations people of ours are in conflict of interest, as it was declared.

use crate::{
    Result,
    entities::declared_conflicts::{self, Column as C},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;
use workflow::{PersonId, Timestamp};

/// A conflict of interest that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub id: Uuid,
    pub person: PersonId,
    /// As it was typed.
    pub organisation: String,
    pub reason: String,
    pub declared: Timestamp,
}

impl From<declared_conflicts::Model> for Conflict {
    fn from(row: declared_conflicts::Model) -> Self {
        Self {
            id: row.id,
            person: PersonId(row.person_id),
            organisation: row.organisation,
            reason: row.reason,
            declared: Timestamp::from_micros(row.declared_at),
        }
    }
}

/// Those of one person, by organisation.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn conflicts_of(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Conflict>> {
    let rows = declared_conflicts::Entity::find()
        .filter(C::PersonId.eq(person.0))
        .filter(C::WithdrawnAt.is_null())
        .order_by_asc(C::OrganisationKey)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(Conflict::from).collect())
}
