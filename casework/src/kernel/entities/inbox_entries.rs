//! What people were told: one row for each letter that was made for somebody, whether it was sent or
//! not.

use sea_orm::entity::prelude::*;

/// A row of `inbox_entries`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inbox_entries")]
pub struct Model {
    /// The letter's own, in the outbox too where it was sent.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub kind: String,
    pub case_id: Option<Uuid>,
    /// As in the outbox.
    pub about_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    /// Path of the page that the letter leads to; empty where it leads to none of its reader's.
    #[sea_orm(column_type = "Text")]
    pub place: String,
    pub told_at: i64,
    pub read_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
