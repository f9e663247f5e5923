//! Everyone with an account. Disabled people stay: identities are never reused (21 CFR 11.100).

use sea_orm::entity::prelude::*;

/// A row of `people`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub username: String,
    #[sea_orm(unique)]
    pub username_key: String,
    pub name: String,
    /// Folded; see [`crate::text`].
    pub name_key: String,
    pub email: String,
    #[sea_orm(unique)]
    pub email_key: String,
    pub email_verified_at: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub password_hash: Option<String>,
    pub organisation: String,
    pub organisation_key: String,
    pub roles: String,
    pub agreement_version: Option<i32>,
    pub agreement_accepted_at: Option<i64>,
    pub disabled_at: Option<i64>,
    pub created_at: i64,
    pub version: i64,
    /// Counted up with everything that ends the links and sessions handed out before.
    pub access_epoch: i64,
    /// Since when a second factor is asked for at sign-in; none if there is none.
    pub second_factor_at: Option<i64>,
    /// When its owner closed it; then it is disabled for good.
    pub closed_at: Option<i64>,
    /// The letters that its owner does without: words of [`crate::post::LetterKind`].
    pub letters_off: Option<String>,
    /// Those that come in one letter a day.
    pub letters_daily: Option<String>,
    /// How many open cases they hold at most; none where it is as the setting says.
    pub capacity: Option<i32>,
    /// Whether keys that are pressed alone do nothing on their pages.
    pub keys_off: bool,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
