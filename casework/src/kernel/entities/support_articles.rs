//! Questions and answers for everybody, made of solved requests.

use sea_orm::entity::prelude::*;

/// A row of `support_articles`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "support_articles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub slug: String,
    pub request_id: Uuid,
    pub category: String,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub title_key: String,
    #[sea_orm(column_type = "Text")]
    pub question: String,
    #[sea_orm(column_type = "Text")]
    pub answer: String,
    /// Question and answer, folded, to be searched.
    #[sea_orm(column_type = "Text")]
    pub text_key: String,
    pub state: String,
    pub written_by: Uuid,
    pub written_at: i64,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<i64>,
    /// Why it was not released.
    #[sea_orm(column_type = "Text", nullable)]
    pub reason: Option<String>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
