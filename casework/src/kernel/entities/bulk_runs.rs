//! Steps that somebody takes, or thinks of taking, on many cases of the queue at once.

use sea_orm::entity::prelude::*;

/// A row of `bulk_runs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "bulk_runs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who takes the steps.
    pub person_id: Uuid,
    /// What is done with each case.
    pub kind: String,
    /// Who gets the cases, where they are assigned.
    pub to_id: Option<Uuid>,
    /// The tag that they get, where they are tagged.
    pub tag_id: Option<Uuid>,
    /// Whether somebody may get more cases than they can hold.
    pub beyond: bool,
    /// What the next holder is to know.
    pub note: String,
    /// The page that the cases were chosen on.
    pub list: String,
    /// There were more cases than one run takes.
    pub is_cut: bool,
    pub state: String,
    pub made_at: i64,
    /// When its state last changed.
    pub changed_at: i64,
    /// Until then the instance that works on it has it for itself.
    pub leased_until: i64,
}

/// Joins are written where they are needed.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
