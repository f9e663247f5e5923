//! One upgrade application each: the document, and the columns that queues filter and sort by.

use sea_orm::entity::prelude::*;

/// A row of `cases`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cases")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique)]
    pub number: i32,
    pub app_id: Uuid,
    pub level: String,
    pub state: String,
    pub side: String,
    pub round: i32,
    pub assignee_id: Option<Uuid>,
    pub commercial_id: Option<Uuid>,
    pub technical_id: Option<Uuid>,
    pub commercial_open: bool,
    pub technical_open: bool,
    pub decline_proposed: bool,
    pub open_questions: i32,
    pub open_findings: i32,
    pub open_blockers: i32,
    pub news: Option<String>,
    pub due_at: Option<i64>,
    pub clock_at: Option<i64>,
    pub us_spent: i64,
    pub developer_spent: i64,
    pub submitted_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub changed_at: i64,
    pub created_at: i64,
    #[sea_orm(column_type = "Text")]
    pub document: String,
    pub version: i64,
    /// The views of the queue that it is in: bits of [`crate::store::Standing`].
    pub in_views: i32,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
