//! With which organisations somebody of ours is in conflict of interest, as they or a lead have said.

use sea_orm::entity::prelude::*;

/// A row of `declared_conflicts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "declared_conflicts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    /// As it was typed.
    pub organisation: String,
    /// Folded; see [`crate::text`].
    pub organisation_key: String,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub declared_by: Uuid,
    pub declared_at: i64,
    pub withdrawn_by: Option<Uuid>,
    pub withdrawn_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
