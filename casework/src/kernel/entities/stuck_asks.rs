//! That somebody of an app has asked whether an application is stuck, and what came of it.

use sea_orm::entity::prelude::*;

/// A row of `stuck_asks`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stuck_asks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub case_id: Uuid,
    /// Of the case.
    pub app_id: Uuid,
    pub asked_by: Uuid,
    pub asked_at: i64,
    /// What was added to the question; mostly nothing.
    #[sea_orm(column_type = "Text")]
    pub text: String,
    /// None where nobody answered: it is open, or the case went on by itself.
    pub answered_by: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
    pub closed_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
