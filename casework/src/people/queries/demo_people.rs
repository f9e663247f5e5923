//! Whom the demo's sign-in page offers.

use crate::{Desk, Result, entities::people, roles_from_words};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use workflow::Role;

/// A person to be with one click.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    pub username: String,
    pub name: String,
    pub organisation: String,
    pub roles: Vec<Role>,
}

/// The first people of the desk, developers before staff. For the demo alone: the caller checks
/// that it is one.
///
/// # Errors
/// When the database does not answer.
pub async fn demo_people(desk: &Desk) -> Result<Vec<DemoPerson>> {
    let rows = people::Entity::find()
        .filter(people::Column::DisabledAt.is_null())
        .filter(people::Column::EmailVerifiedAt.is_not_null())
        .order_by_asc(people::Column::CreatedAt)
        .order_by_asc(people::Column::Id)
        .limit(24)
        .all(desk.database.read())
        .await?;
    let mut people: Vec<DemoPerson> = rows
        .into_iter()
        .map(|row| DemoPerson {
            roles: roles_from_words(&row.roles).into_iter().collect(),
            username: row.username,
            name: row.name,
            organisation: row.organisation,
        })
        .collect();
    people.sort_by_key(|person| person.roles.first().copied());
    Ok(people)
}
