//! Entries of the gallery: one for an app.

use sea_orm::entity::prelude::*;

/// A row of `gallery_entries`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "gallery_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique)]
    pub app_id: Uuid,
    #[sea_orm(unique)]
    pub slug: String,
    pub state: String,
    /// What everybody may see.
    pub public_version: Option<i32>,
    pub newest_version: i32,
    pub was_public: bool,
    /// Whether it has been noted that partnership or access has gone.
    pub resting: bool,
    /// What was asked of the developer last.
    #[sea_orm(column_type = "Text")]
    pub asked: String,
    /// Of the public version, folded; see [`crate::text`].
    #[sea_orm(column_type = "Text")]
    pub name_key: String,
    #[sea_orm(column_type = "Text")]
    pub text_key: String,
    /// Words of the public version, each between commas.
    #[sea_orm(column_type = "Text")]
    pub platforms: String,
    #[sea_orm(column_type = "Text")]
    pub regions: String,
    #[sea_orm(column_type = "Text")]
    pub languages: String,
    pub published_at: Option<i64>,
    pub created_at: i64,
    pub changed_at: i64,
    pub version: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
