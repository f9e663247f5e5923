//! What developers ask of support: one row a request, with its clocks.

use sea_orm::entity::prelude::*;

/// A row of `support_requests`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "support_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub number: i32,
    pub opener_id: Uuid,
    pub app_id: Option<Uuid>,
    /// The case that the developer named.
    pub case_id: Option<Uuid>,
    pub category: String,
    pub environment: String,
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    #[sea_orm(column_type = "Text")]
    pub subject_key: String,
    pub state: String,
    pub side: String,
    pub assignee_id: Option<Uuid>,
    pub due_at: Option<i64>,
    /// Since when the running clock runs.
    pub since_at: Option<i64>,
    /// In microseconds of business time, when the running clock began.
    pub us_spent: i64,
    pub developer_spent: i64,
    pub ended_at: Option<i64>,
    pub stars: Option<i32>,
    #[sea_orm(column_type = "Text", nullable)]
    pub rating: Option<String>,
    /// The number of the request in which it goes on.
    pub merged_into: Option<i32>,
    #[sea_orm(column_type = "Text", nullable)]
    pub moved_to: Option<String>,
    pub opened_at: i64,
    pub changed_at: i64,
    pub version: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
