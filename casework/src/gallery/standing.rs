//! Which apps the gallery may show: those with Full Access of partners in good standing. The one place
//! that says so.

use crate::{
    Result,
    entities::apps,
    partners::{in_good_standing, partners_in_good_standing},
};
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
    at: Timestamp,
) -> Result<bool> {
    let found = apps::Entity::find_by_id(app)
        .filter(has_access())
        .one(connection)
        .await?;
    Ok(found.is_some() && in_good_standing(connection, app, at).await?)
}

/// The ids of all apps that the gallery may show at this moment, for a condition of a query.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn standing(
    connection: &impl ConnectionTrait,
    at: Timestamp,
) -> Result<SelectStatement> {
    let partners = partners_in_good_standing(connection, at).await?;
    Ok(apps::Entity::find()
        .select_only()
        .column(apps::Column::Id)
        .filter(has_access())
        .filter(apps::Column::Id.in_subquery(partners))
        .into_query())
}
