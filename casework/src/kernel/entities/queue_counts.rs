//! How many cases there are of each kind that the queue counts.

use sea_orm::entity::prelude::*;

/// A row of `queue_counts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "queue_counts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub in_views: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub level: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub state: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub assigned: bool,
    pub cases: i64,
}

/// It belongs to nothing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
