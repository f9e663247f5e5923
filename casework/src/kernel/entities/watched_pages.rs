//! The pages that approvals stand by.

use sea_orm::entity::prelude::*;

/// A row of `watched_pages`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "watched_pages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub app_id: Uuid,
    pub case_id: Uuid,
    /// The field of the request form that named it.
    pub field: String,
    #[sea_orm(column_type = "Text")]
    pub address: String,
    /// None where it is not read any more.
    pub next_at: Option<i64>,
    /// The text that it is held against.
    pub known_id: Option<Uuid>,
    pub etag: Option<String>,
    pub modified: Option<String>,
    /// When it was last read with success.
    pub read_at: Option<i64>,
    pub failing_since_at: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub failure: String,
    /// When its developer was warned that it cannot be read.
    pub warned_at: Option<i64>,
    pub leased_until_at: Option<i64>,
    pub lease_id: Option<Uuid>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
