//! Challenges for passkeys that were given out and wait for their answer. An answer is taken once.

use sea_orm::entity::prelude::*;

/// A row of `passkey_ceremonies`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkey_ceremonies")]
pub struct Model {
    /// Of the secret that the browser holds.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// A word of `people::passkeys::ceremony::Kind`.
    pub kind: String,
    /// Whose passkey it is about; none where the passkey itself says who signs in.
    pub person_id: Option<Uuid>,
    /// A code of the browser that asked.
    pub browser: String,
    /// The hash of the attempt to sign in whose second half this is.
    pub attempt: Option<String>,
    /// As a passkey that is added will be called.
    pub name: String,
    /// What the browser is handed, as JSON.
    #[sea_orm(column_type = "Text")]
    pub options: String,
    /// What its answer is held against, as JSON.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub expires_at: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
