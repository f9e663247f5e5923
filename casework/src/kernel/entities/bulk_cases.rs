//! What came of each case of a bulk run.

use sea_orm::entity::prelude::*;

/// A row of `bulk_cases`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bulk_cases")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub run_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// Of the case.
    pub number: i32,
    /// Which seat of it is given, where it is assigned.
    pub seat: Option<String>,
    /// Who held that seat when the case was looked at.
    pub holder_id: Option<Uuid>,
    pub outcome: String,
    /// Why it is not done; empty for what is.
    pub words: String,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
