//! Files that both sides attached to a request: read by both once they were sent with a message.

use sea_orm::entity::prelude::*;

/// A row of `support_files`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "support_files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub request_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub mime: String,
    pub size: i64,
    pub sha256: String,
    pub storage_key: String,
    pub added_by: Uuid,
    /// Who attached it: whose side.
    pub side: String,
    pub added_at: i64,
    /// The message that it was sent with; none while it waits for one, and only who attached it
    /// sees it.
    pub message_id: Option<Uuid>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
