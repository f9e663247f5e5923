//! Who was served on a day, so that nobody counts twice.

use sea_orm::entity::prelude::*;

/// A row of `served_subjects`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "served_subjects")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub app_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i32,
    /// As in `authorisations`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
