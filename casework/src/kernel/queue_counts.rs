//! How many cases there are of each kind that the queue counts: kept beside the cases, since
//! counting them anew costs the more the more there are.

use crate::{
    Result,
    entities::{cases, queue_counts},
};
use sea_orm::{
    ActiveModelTrait, DatabaseTransaction, EntityTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use std::collections::BTreeMap;

/// What cases are counted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    in_views: i32,
    level: String,
    state: String,
    assigned: bool,
}

impl Kind {
    /// None where the queue does not know the case yet.
    fn of(row: &cases::Model) -> Option<Self> {
        (row.in_views != 0).then(|| Self {
            in_views: row.in_views,
            level: row.level.clone(),
            state: row.state.clone(),
            assigned: row.assignee_id.is_some(),
        })
    }
}

/// By how much the counts change with a step.
#[derive(Clone, Debug, Default)]
pub struct QueueCounts(BTreeMap<Kind, i64>);

impl QueueCounts {
    /// A case that was as `before` is as `after` now.
    pub fn moved(&mut self, before: Option<&cases::Model>, after: &cases::Model) {
        let (left, entered) = (before.and_then(Kind::of), Kind::of(after));
        if left == entered {
            return;
        }
        for (kind, by) in [(left, -1), (entered, 1)] {
            if let Some(kind) = kind {
                *self.0.entry(kind).or_default() += by;
            }
        }
    }

    /// Writes them. Steps that change counts wait for each other from here to their end, so call it
    /// where they do so anyway: behind the end of the trail.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn write(self, transaction: &DatabaseTransaction) -> Result<()> {
        use queue_counts::Column as C;
        let rows: Vec<_> = self
            .0
            .into_iter()
            .filter(|(_, by)| *by != 0)
            .map(|(kind, by)| {
                queue_counts::ActiveModel::from(queue_counts::Model {
                    in_views: kind.in_views,
                    level: kind.level,
                    state: kind.state,
                    assigned: kind.assigned,
                    cases: by,
                })
                .reset_all()
            })
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        let sum =
            Expr::col((queue_counts::Entity, C::Cases)).add(Expr::col(("excluded", C::Cases)));
        queue_counts::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([C::InViews, C::Level, C::State, C::Assigned])
                    .value(C::Cases, sum)
                    .to_owned(),
            )
            .exec_without_returning(transaction)
            .await?;
        Ok(())
    }
}
