//! Changes of pages that somebody has to look at, and what came of them.

use sea_orm::entity::prelude::*;

/// A row of `page_changes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "page_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub page_id: Uuid,
    pub app_id: Uuid,
    pub case_id: Uuid,
    /// The text that was looked at before; texts of closed changes are thrown away in time.
    pub before_id: Uuid,
    pub after_id: Uuid,
    /// How alike the two are, in thousandths.
    pub permille: i32,
    pub found_at: i64,
    pub state: String,
    pub version: i64,
    /// Whose task it is; none: any commercial reviewer's.
    pub for_id: Option<Uuid>,
    pub closed_at: Option<i64>,
    pub closed_by: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub note: String,
    /// What the developer answered to what was raised.
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
    pub answered_at: Option<i64>,
    pub answered_by: Option<Uuid>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
