//! Invitations to become a member of an app, and what came of them.

use sea_orm::entity::prelude::*;

/// A row of `app_invitations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "app_invitations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub app_id: Uuid,
    /// Whose account the name or address was when the invitation was made; none where there was
    /// none. Then it is for whoever confirms that address later.
    pub person_id: Option<Uuid>,
    /// The username or email address as it was typed.
    pub address: String,
    /// The same, folded.
    pub address_key: String,
    pub owner: bool,
    pub may_sign: bool,
    pub invited_by: Uuid,
    pub invited_at: i64,
    pub expires_at: i64,
    /// `waiting`, `accepted`, `declined`, `withdrawn`.
    pub state: String,
    pub answered_at: Option<i64>,
    /// The owner who gives the own place away with it; none where it makes a member.
    pub from_owner_id: Option<Uuid>,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
