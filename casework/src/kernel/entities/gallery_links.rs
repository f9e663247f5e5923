//! The links of public entries, which are looked at again.

use sea_orm::entity::prelude::*;

/// A row of `gallery_links`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gallery_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub store: String,
    #[sea_orm(column_type = "Text")]
    pub address: String,
    /// When it is looked at next.
    pub next_at: i64,
    pub failing_since_at: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub failure: String,
    /// When the developer was written to about it.
    pub warned_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
