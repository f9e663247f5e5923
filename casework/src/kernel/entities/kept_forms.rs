//! What was typed into a form that was refused, until it is sent again.

use sea_orm::entity::prelude::*;

/// A row of `kept_forms`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_forms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub owner: String,
    /// The id of the form on its page.
    pub form: String,
    /// The step that it was sent to.
    pub step: String,
    /// Where it came from, for people who were not signed in; empty for all others.
    pub address: String,
    #[sea_orm(column_type = "Text")]
    pub entries: String,
    #[sea_orm(column_type = "Text")]
    pub problems: String,
    /// Of both texts, in bytes.
    pub size: i64,
    pub status: i32,
    pub created_at: i64,
    /// The path of the page that shows it again.
    #[sea_orm(column_type = "Text")]
    pub page: String,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
