//! Who has authorised an app now. Who they are is not known here.

use sea_orm::entity::prelude::*;

/// A row of `authorisations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "authorisations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub app_id: Uuid,
    /// The keyed hash of what the authorisation server calls them.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    pub since_at: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
