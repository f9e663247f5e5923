//! What a machine saw in an application before it was handed in, the last time it was asked.

use sea_orm::entity::prelude::*;

/// A row of `self_checks`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "self_checks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: Uuid,
    /// As JSON.
    #[sea_orm(column_type = "Text")]
    pub found: String,
    /// Of the answers and files that were looked at.
    pub sha256: String,
    pub checked_at: i64,
    pub checked_by: Uuid,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
