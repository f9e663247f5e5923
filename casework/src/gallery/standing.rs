//! Which apps the gallery may show: the one place that says so.

use crate::{Result, entities::apps};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::SelectStatement,
};
use uuid::Uuid;
use workflow::{Timestamp, state::AccessLevel};

fn has_access() -> Condition {
    Condition::all()
        .add(apps::Column::Level.eq(AccessLevel::Full.word()))
        .add(apps::Column::Suspended.eq(false))
}

/// Whether the gallery may show this app at this moment.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn stands(
    connection: &impl ConnectionTrait,
    app: Uuid,
    _at: Timestamp,
) -> Result<bool> {
    let found = apps::Entity::find_by_id(app)
        .filter(has_access())
        .one(connection)
        .await?;
    Ok(found.is_some())
}

/// The ids of all apps that the gallery may show at this moment, for a condition of a query.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn standing(
    _connection: &impl ConnectionTrait,
    _at: Timestamp,
) -> Result<SelectStatement> {
    Ok(apps::Entity::find()
        .select_only()
        .column(apps::Column::Id)
        .filter(has_access())
        .into_query())
}
