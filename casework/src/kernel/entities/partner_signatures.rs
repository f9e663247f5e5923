//! What was signed about the partnership of an app.

use sea_orm::entity::prelude::*;

/// A row of `partner_signatures`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partner_signatures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub app_id: Uuid,
    pub person_id: Uuid,
    pub signer_name: String,
    #[sea_orm(column_type = "Text")]
    pub meaning: String,
    pub capacity: String,
    pub document_sha256: String,
    #[sea_orm(column_type = "Text")]
    pub payload: String,
    pub payload_sha256: String,
    pub signed_at: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
