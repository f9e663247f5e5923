//! Forms that have been carried out, so that a second sending changes nothing.

use sea_orm::entity::prelude::*;

/// A row of `once_keys`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "once_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    pub person_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub location: String,
    /// See [`crate::Sending`]; none in rows from before it was kept.
    #[sea_orm(column_type = "Text", nullable)]
    pub content: Option<String>,
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
