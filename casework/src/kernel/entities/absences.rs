//! On which days somebody of ours is away.

use sea_orm::entity::prelude::*;

/// A row of `absences`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "absences")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    /// `2027-03-31`, in UTC as the calendar has it; the last one too.
    pub first_day: String,
    pub last_day: String,
    /// Whether the person keeps what they hold meanwhile.
    pub keeps: bool,
    /// What the next holders are to know; empty for nothing.
    #[sea_orm(column_type = "Text")]
    pub note: String,
    pub entered_by: Uuid,
    pub entered_at: i64,
    pub taken_back_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
