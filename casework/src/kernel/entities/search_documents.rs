//! What a case is found by. (Its column `words` is another type on each database: see
//! `cases::search`.)

use sea_orm::entity::prelude::*;

/// A row of `search_documents`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_documents")]
pub struct Model {
    /// Of the case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// The texts themselves, as JSON.
    #[sea_orm(column_type = "Text")]
    pub texts: String,
}

/// It belongs to nothing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
