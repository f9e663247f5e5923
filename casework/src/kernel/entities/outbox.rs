//! Messages committed with the change that causes them, sent afterwards.

use sea_orm::entity::prelude::*;

/// A row of `outbox`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique)]
    pub message_id: String,
    pub kind: String,
    pub case_id: Option<Uuid>,
    pub to_name: String,
    pub to_address: String,
    pub subject: String,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    #[sea_orm(column_type = "Text")]
    pub html: String,
    pub state: String,
    pub attempts: i32,
    pub not_before_at: i64,
    pub leased_until_at: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub last_error: String,
    pub created_at: i64,
    pub sent_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
