//! The developers' apps, with the access they have now.

use sea_orm::entity::prelude::*;

/// A row of `apps`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "apps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    /// Folded; see [`crate::text`].
    pub name_key: String,
    pub organisation: String,
    pub organisation_key: String,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    pub website: String,
    #[sea_orm(unique)]
    pub client_id: String,
    pub secret_hash: String,
    pub secret_hint: String,
    pub secret_made_at: i64,
    pub level: String,
    pub cap: Option<i32>,
    pub suspended: bool,
    pub version: i64,
    pub created_at: i64,
    /// Where users are sent back to, by environment, as [`crate::apps::setup::Redirects`].
    #[sea_orm(column_type = "Text", nullable)]
    pub redirects: Option<String>,
    /// Beside the sandbox's present secret, as `MoreSecrets` of the apps room has it.
    #[sea_orm(column_type = "Text", nullable)]
    pub secrets: Option<String>,
    /// Since when nobody works with it; none while it is in use.
    pub archived_at: Option<i64>,
    /// What its logo is called in the store, as JSON of [`workflow::gallery::Image`].
    #[sea_orm(column_type = "Text", nullable)]
    pub logo: Option<String>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
