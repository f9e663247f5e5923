//! What the developers of a case have written to questions and points and not sent yet.

use sea_orm::entity::prelude::*;

/// A row of `kept_answers`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: Uuid,
    /// Text by the name of its field, as JSON.
    #[sea_orm(column_type = "Text")]
    pub answers: String,
    /// From which page each was saved last, by the name of its field, as JSON.
    #[sea_orm(column_type = "Text")]
    pub marks: String,
    pub saved_at: i64,
    pub saved_by: Uuid,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
