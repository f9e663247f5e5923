//! Messages committed with the change that causes them, sent afterwards.

use sea_orm::entity::prelude::*;

/// A row of `outbox`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique)]
    pub message_id: String,
    pub kind: String,
    pub case_id: Option<Uuid>,
    /// What it is about where that is no case; of which kind follows from the letter's own.
    pub about_id: Option<Uuid>,
    /// Its reader.
    pub person_id: Option<Uuid>,
    /// The hash of the secret in its link, as in `tokens`.
    pub link_hash: Option<String>,
    pub to_name: String,
    pub to_address: String,
    pub subject: String,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    #[sea_orm(column_type = "Text")]
    pub html: String,
    pub state: String,
    pub attempts: i32,
    pub not_before_at: i64,
    pub leased_until_at: Option<i64>,
    /// Made anew for each lease: only its holder may write down what came of it.
    pub lease_id: Option<Uuid>,
    /// How often the message was handed over without an answer whether it was taken.
    pub handed_over: i32,
    /// When it was first tried, since it was written or put back.
    pub tried_since_at: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub last_error: String,
    pub created_at: i64,
    pub sent_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
