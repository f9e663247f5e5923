//! What gateways show to be let in.

use sea_orm::entity::prelude::*;

/// A row of `gateway_tokens`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gateway_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The name that admins gave the gateway; its tokens share it.
    pub gateway: String,
    /// Words of [`crate::access::GatewayScope`], separated by blanks.
    pub scopes: String,
    #[sea_orm(unique)]
    pub hash: String,
    /// The last characters of the token.
    pub hint: String,
    pub made_by: Uuid,
    pub made_at: i64,
    pub expires_at: i64,
    /// When an admin ended it.
    pub ended_at: Option<i64>,
    /// When it was shown last, to the minute.
    pub used_at: Option<i64>,
    /// Its successor.
    pub replaced_by: Option<Uuid>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
