//! Where an app can be got, and whether that address answers.

use sea_orm::entity::prelude::*;

/// A row of `partner_links`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partner_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub app_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub address: String,
    /// When it last answered.
    pub answered_at: Option<i64>,
    pub failing_since_at: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub failure: String,
    /// When it is asked again.
    pub next_at: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
