//! Addresses that people want to have, until both addresses have confirmed it.

use sea_orm::entity::prelude::*;

/// A row of `email_changes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "email_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub email: String,
    pub asked_at: i64,
    pub expires_at: i64,
    pub old_confirmed_at: Option<i64>,
    pub new_confirmed_at: Option<i64>,
    /// The person's `access_epoch` when it was asked for.
    pub access_epoch: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
