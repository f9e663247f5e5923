//! Who attested that contacts and use are as approved, and for which date.

use sea_orm::entity::prelude::*;

/// A row of `attestations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attestations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub app_id: Uuid,
    pub case_id: Uuid,
    pub due_at: i64,
    #[sea_orm(column_type = "Text")]
    pub statement: String,
    pub given_by: Uuid,
    pub given_at: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
