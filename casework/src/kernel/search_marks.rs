//! Which cases are found by other words than before: marked in the step's own transaction, so that
//! none can be forgotten, and written afterwards (`cases::search`), so that no step waits for it.

use crate::{
    Result,
    entities::{cases, search_marks},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::OnConflict,
};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::Timestamp;

/// As many marks as one statement writes.
const AT_ONCE: usize = 500;

/// What a step marks.
#[derive(Clone, Debug, Default)]
pub struct SearchMarks {
    cases: BTreeSet<Uuid>,
    apps: BTreeSet<Uuid>,
}

impl SearchMarks {
    /// A case's texts have changed.
    pub fn case(&mut self, case: Uuid) {
        self.cases.insert(case);
    }

    /// What an app is called has changed: all its cases are found by that.
    pub fn app(&mut self, app: Uuid) {
        self.apps.insert(app);
    }

    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.cases.is_empty() && self.apps.is_empty()
    }

    /// Writes them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn write(mut self, transaction: &DatabaseTransaction, now: Timestamp) -> Result<()> {
        if !self.apps.is_empty() {
            let of_apps: Vec<Uuid> = cases::Entity::find()
                .select_only()
                .column(cases::Column::Id)
                .filter(cases::Column::AppId.is_in(self.apps))
                .filter(cases::Column::InViews.ne(0))
                .into_tuple()
                .all(transaction)
                .await?;
            self.cases.extend(of_apps);
        }
        let marks: Vec<_> = self
            .cases
            .into_iter()
            .map(|case_id| {
                search_marks::ActiveModel::from(search_marks::Model {
                    case_id,
                    marked_at: now.micros(),
                    stamp: Uuid::new_v4(),
                })
                .reset_all()
            })
            .collect();
        for marks in marks.chunks(AT_ONCE) {
            use search_marks::Column as C;
            search_marks::Entity::insert_many(marks.to_vec())
                .on_conflict(
                    OnConflict::column(C::CaseId)
                        .update_columns([C::MarkedAt, C::Stamp])
                        .to_owned(),
                )
                .exec_without_returning(transaction)
                .await?;
        }
        Ok(())
    }
}
