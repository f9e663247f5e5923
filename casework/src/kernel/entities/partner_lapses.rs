//! Times in which a criterion of a partnership was not met.

use sea_orm::entity::prelude::*;

/// A row of `partner_lapses`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partner_lapses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub partnership_id: Uuid,
    /// The word of a [`workflow::partners::Criterion`].
    pub criterion: String,
    pub from_at: i64,
    pub until_at: Option<i64>,
    pub rest_days: i32,
    pub end_days: i32,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
