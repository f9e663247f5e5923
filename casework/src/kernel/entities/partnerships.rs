//! Applications to be a Digital Health Partner, and what became of them.

use sea_orm::entity::prelude::*;

/// A row of `partnerships`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partnerships")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub app_id: Uuid,
    /// By which the app has Full Access.
    pub case_id: Uuid,
    pub applied_by: Uuid,
    pub applied_at: i64,
    #[sea_orm(column_type = "Text")]
    pub statement: String,
    pub proposed_by: Option<Uuid>,
    pub proposed_at: Option<i64>,
    /// The word of the [`workflow::partners::Decision`] that was proposed.
    pub recommended: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reasons: Option<String>,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<i64>,
    pub decision: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    pub signature_id: Option<Uuid>,
    /// When the developer took it back, or left.
    pub left_at: Option<i64>,
    /// The word of the [`workflow::partners::State`] that people were last told.
    pub state: String,
    pub version: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
