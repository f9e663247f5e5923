//! What approvals gave.

use sea_orm::entity::prelude::*;

/// A row of `grants`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "grants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub app_id: Uuid,
    pub case_id: Uuid,
    pub level: String,
    pub cap: Option<i32>,
    pub status: String,
    pub starts_at: i64,
    pub changed_at: i64,
    /// Since when the cap is what it is, where it was changed.
    pub cap_since_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
