//! Images of entries of the gallery, drawn anew from what was uploaded.

use sea_orm::entity::prelude::*;

/// A row of `gallery_images`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gallery_images")]
pub struct Model {
    /// What they are called by; see [`crate::gallery`].
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub entry_id: Uuid,
    pub kind: String,
    pub ext: String,
    pub width: i32,
    pub height: i32,
    /// The name of the uploaded file.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    pub added_by: Uuid,
    pub added_at: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
