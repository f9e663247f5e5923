//! Cases whose search documents are to be written.

use sea_orm::entity::prelude::*;

/// A row of `search_marks`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_marks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: Uuid,
    pub marked_at: i64,
    /// Another one each time: whoever writes the document takes away the mark that they read.
    pub stamp: Uuid,
}

/// It belongs to nothing.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
