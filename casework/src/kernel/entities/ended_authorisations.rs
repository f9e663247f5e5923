//! Who had authorised an app, and until which day, as long as reports of those days may come in.

use sea_orm::entity::prelude::*;

/// A row of `ended_authorisations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ended_authorisations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub app_id: Uuid,
    /// As in `authorisations`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    pub since_at: i64,
    /// The last day, in days since 1970-01-01.
    pub day: i32,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
