//! Approved apps, and when they are to attest again.

use sea_orm::entity::prelude::*;

/// A row of `watched_apps`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "watched_apps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub app_id: Uuid,
    /// By which case it was approved.
    pub case_id: Uuid,
    pub since_at: i64,
    /// By when the next attestation is to be given.
    pub due_at: i64,
    /// Of which stage of that attestation people were told.
    pub told: String,
    /// When the access was revoked.
    pub ended_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
