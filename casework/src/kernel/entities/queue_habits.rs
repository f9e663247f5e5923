//! How somebody likes the queue.

use sea_orm::entity::prelude::*;

/// A row of `queue_habits`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "queue_habits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    /// The saved view with which they begin.
    pub begins_with: Option<Uuid>,
    /// One line for each case.
    pub compact: bool,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
