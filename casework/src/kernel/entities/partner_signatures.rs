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
    /// How it was given: a word of `accounts::Proof::method`; none in those from before.
    pub method: Option<String>,
    /// What a passkey answered (`trail::passkey::Assertion`), bytes in hexadecimal.
    #[sea_orm(column_type = "Text", nullable)]
    pub public_key: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub authenticator_data: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub client_data: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub assertion: Option<String>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
