//! Who has looked at a case, and which version they saw.

use sea_orm::entity::prelude::*;

/// A row of `case_views`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "case_views")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub version: i64,
    pub seen_at: i64,
    /// When they last typed into a form of the case.
    pub writing_at: Option<i64>,
    /// When they last saw it before they came back to it; none where they never were away.
    pub before_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
