//! Cases that somebody does not want to see among their own until a day. What happens on a case
//! takes its rows away.

use sea_orm::entity::prelude::*;

/// A row of `snoozes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "snoozes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: Uuid,
    /// Of the case.
    pub number: i32,
    pub reason: String,
    pub until_at: i64,
    pub since_at: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
