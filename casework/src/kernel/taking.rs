//! How steps are taken: as people ask for them one by one, or for many cases at once.

use crate::{Error, Result, entities::bulk_cases};
use bulk_cases::Column as C;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

/// How the steps that are begun on a desk are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Taking {
    #[default]
    Alone,
    /// Up to its end and then back, to see whether it could be taken.
    Tried,
    /// Each settles one case of a bulk run.
    OfRun(RunCase),
}

/// A case of a bulk run, by its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RunCase {
    pub run: Uuid,
    pub position: i32,
}

/// The outcome of a case that waits for its step.
pub(crate) const READY: &str = "ready";

/// The outcome of a case whose step was taken.
pub(crate) const DONE: &str = "done";

impl RunCase {
    /// Notes within a step that this case is done by it: so it is, if the step is committed, and
    /// once, on any number of instances.
    ///
    /// # Errors
    /// [`Error::Before`] where it was settled before.
    pub(crate) async fn claim(self, connection: &impl ConnectionTrait) -> Result<()> {
        let claimed = bulk_cases::Entity::update_many()
            .col_expr(C::Outcome, Expr::value(DONE))
            .filter(C::RunId.eq(self.run))
            .filter(C::Position.eq(self.position))
            .filter(C::Outcome.eq(READY))
            .exec(connection)
            .await?;
        match claimed.rows_affected {
            0 => Err(Error::Before),
            _ => Ok(()),
        }
    }
}
