//! What both sides wrote on a request: all of it is read by both.

use sea_orm::entity::prelude::*;

/// A row of `support_messages`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "support_messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub request_id: Uuid,
    pub author_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// By which its words are found.
    #[sea_orm(column_type = "Text")]
    pub text_key: String,
    pub written_at: i64,
    /// Whose word it is.
    pub side: String,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
