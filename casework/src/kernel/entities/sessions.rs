//! Signed-in browsers. The token itself is only in the cookie.

use sea_orm::entity::prelude::*;

/// A row of `sessions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub person_id: Uuid,
    pub created_at: i64,
    pub seen_at: i64,
    pub authenticated_at: i64,
    pub expires_at: i64,
    pub user_agent: String,
    pub address: String,
    /// The person's `access_epoch` when it was handed out.
    pub access_epoch: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
