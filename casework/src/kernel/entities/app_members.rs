//! Who belongs or belonged to an app, and who may sign for its organisation. A membership that
//! ended keeps its row: a conflict of interest outlives it.

use sea_orm::entity::prelude::*;

/// A row of `app_members`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "app_members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub app_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    pub owner: bool,
    pub may_sign: bool,
    /// When the present membership, or the last one, began.
    pub added_at: i64,
    /// When it ended; none while it lasts.
    pub left_at: Option<i64>,
    pub version: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
