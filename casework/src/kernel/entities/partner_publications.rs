//! What the owners of an app say of it: since when everybody can get it, and whom its users ask.

use sea_orm::entity::prelude::*;

/// A row of `partner_publications`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partner_publications")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub app_id: Uuid,
    /// Days since 1970-01-01, UTC.
    pub available_day: i32,
    /// Whom users of the app ask.
    #[sea_orm(column_type = "Text")]
    pub contact: String,
    pub confirmed_at: i64,
    pub confirmed_by: Uuid,
    /// The first day with an active user, once it is known: counts of days are not kept for ever.
    pub first_user_day: Option<i32>,
    pub version: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
