//! What reviewers have gathered on cases and not published yet. It is no part of the record.

use sea_orm::entity::prelude::*;

/// A row of `pending_reviews`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pending_reviews")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    /// As JSON, in the order in which they were gathered.
    #[sea_orm(column_type = "Text")]
    pub entries: String,
    pub begun_at: i64,
    pub changed_at: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
