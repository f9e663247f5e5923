//! Public keys by which people sign in. They are the person's word for whatever they sign later,
//! so the key itself is kept beside what the library needs of it.

use sea_orm::entity::prelude::*;

/// A row of `passkeys`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkeys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    /// By which the authenticator knows it, in hexadecimal.
    #[sea_orm(column_type = "Text", unique)]
    pub credential_id: String,
    /// The COSE key as the authenticator encodes it (CTAP2 canonical CBOR), in hexadecimal.
    #[sea_orm(column_type = "Text")]
    pub public_key: String,
    /// What `webauthn-rs` keeps of it, as JSON: the counter, and whether it is synced.
    #[sea_orm(column_type = "Text")]
    pub credential: String,
    /// As its owner calls it.
    pub name: String,
    pub made_at: i64,
    pub used_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
