//! Rights that one admin asked for and a second one has to confirm. Kept for ever: who asked and
//! who confirmed is a part of the record.

use sea_orm::entity::prelude::*;

/// A row of `role_requests`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    /// The version of the account for which it was asked.
    pub person_version: i64,
    pub kind: String,
    /// All roles that the person would have.
    pub roles: String,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    #[sea_orm(column_type = "Text")]
    pub combination: String,
    pub asked_by: Uuid,
    pub asked_at: i64,
    pub ends_at: i64,
    pub state: String,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
