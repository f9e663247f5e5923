//! Authenticator apps that are asked for a code after the password.

use sea_orm::entity::prelude::*;

/// A row of `second_factors`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factors")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    /// Sealed under the desk's secret.
    #[sea_orm(column_type = "Text")]
    pub secret: String,
    pub begun_at: i64,
    /// None until a first code has shown that the app has the secret.
    pub confirmed_at: Option<i64>,
    /// The time step of the code that was taken last.
    pub last_step: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
