//! Views of the queue that somebody has given a name.

use sea_orm::entity::prelude::*;

/// A row of `saved_views`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_views")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    pub name: String,
    /// The query of its address, as the queue writes it.
    #[sea_orm(column_type = "Text")]
    pub query: String,
    /// For all of our side.
    pub shared: bool,
    pub saved_at: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
