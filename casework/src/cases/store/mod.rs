//! Cases in the database: the document that is the case, and the columns that are projected from
//! it so that queues can filter and sort.

mod effects;
mod kept_answers;
mod project;
mod standing;
pub(crate) mod submission;
mod under_way;

pub use effects::access_of;
pub(crate) use effects::{carry_out, changes_access};
pub use kept_answers::{KeptAnswers, KeptBy};
pub(crate) use kept_answers::{forget, keep, kept_answers, waits};

pub(crate) use project::due;
pub use project::project;
pub use standing::Standing;
pub(crate) use submission::{Draft, draft};
pub use submission::{DraftBody, FrozenFile, Mark, Snapshot};
pub(crate) use under_way::under_way;

use crate::{
    Error, Result, audit,
    entities::{apps, cases},
    relations::AppPeople,
    rows,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, Iterable, JoinType, ModelTrait,
    QueryFilter, QuerySelect,
    sea_query::{LockType, SimpleExpr},
};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{Case, CaseNumber, PersonId, Relation, Seen};

/// A case with what is around it.
#[derive(Clone, Debug)]
pub struct Stored {
    pub case: Case,
    pub row: cases::Model,
    pub app: apps::Model,
    /// Everyone whom the record ties to the app.
    pub people: AppPeople,
}

/// Whether a load is followed by a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    Read,
    /// Other writers of this case wait (PostgreSQL; on SQLite the transaction already excludes
    /// them).
    Change,
}

impl Stored {
    /// Loads a case by its number, without asking who wants it.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none.
    pub async fn load(
        connection: &impl ConnectionTrait,
        number: CaseNumber,
        intent: Intent,
    ) -> Result<Self> {
        let number = i32::try_from(number.0).map_err(|_| Error::NotFound)?;
        let found = Self::find(connection, cases::Column::Number.eq(number), intent).await?;
        found.ok_or(Error::NotFound)
    }

    /// As [`Stored::load`], by the id that other rows have of it; none where there is no such case.
    ///
    /// # Errors
    /// When the database does not answer, or the case cannot be read.
    pub(crate) async fn by_id(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Self>> {
        Self::find(connection, cases::Column::Id.eq(id), Intent::Read).await
    }

    async fn find(
        connection: &impl ConnectionTrait,
        which: SimpleExpr,
        intent: Intent,
    ) -> Result<Option<Self>> {
        let app = cases::Entity::belongs_to(apps::Entity)
            .from(cases::Column::AppId)
            .to(apps::Column::Id);
        let mut query = cases::Entity::find()
            .filter(which)
            .join(JoinType::InnerJoin, app.into());
        if intent == Intent::Change {
            QuerySelect::query(&mut query).lock_with_tables(LockType::Update, [cases::Entity]);
        }
        let found = query.select_also(apps::Entity).one(connection).await?;
        let Some((row, Some(app))) = found else {
            return Ok(None);
        };
        let people = AppPeople::of(connection, row.app_id).await?;
        Ok(Some(Self {
            case: rows::json(&row.document, "cases", row.number, "document")?,
            row,
            app,
            people,
        }))
    }

    /// What someone who looks now sees of the case, its trail included.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn seen(&self, connection: &impl ConnectionTrait) -> Result<Seen> {
        let newest = audit::newest_of_case(connection, self.case.id).await?;
        Ok(Seen {
            version: self.case.version,
            trail: newest.map(|event| event.seq),
        })
    }

    /// What a person is to this case.
    pub fn relations_of(&self, person: PersonId) -> BTreeSet<Relation> {
        let mut relations = self.case.relations_of(person);
        relations.extend(self.people.relations(person));
        relations
    }
}

/// Saves a changed case over the version it was loaded as.
///
/// # Errors
/// [`Error::Conflict`] when another writer was faster.
pub(crate) async fn save(
    connection: &impl ConnectionTrait,
    loaded: &cases::Model,
    changed: cases::Model,
) -> Result<()> {
    // What stays as it is stays out of the statement: its indexes are not written again.
    let mut columns = cases::ActiveModel::from(changed.clone());
    for column in cases::Column::iter() {
        if changed.get(column) != loaded.get(column) {
            columns.reset(column);
        }
    }
    let outcome = cases::Entity::update_many()
        .set(columns)
        .filter(cases::Column::Id.eq(loaded.id))
        .filter(cases::Column::Version.eq(loaded.version))
        .exec(connection)
        .await?;
    if outcome.rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::Conflict {
            changes: Vec::new(),
        })
    }
}
