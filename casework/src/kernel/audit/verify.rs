//! Walking the chain.

use super::chain::{GENESIS, head, leaf_hash};
use crate::{Result, database::Database, entities::audit_events};
use futures_util::TryStreamExt;
use sea_orm::{ColumnTrait, EntityTrait, QueryOrder, QuerySelect};

/// What a walk over the whole trail found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How many events were walked.
    pub events: i64,
    /// The hash of the last event.
    pub head: String,
    /// The first fault, if there is one.
    pub fault: Option<Fault>,
}

/// What is wrong, and where first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("event {seq} is missing")]
    Missing { seq: i64 },
    #[error("event {seq} does not follow the event before it")]
    Unchained { seq: i64 },
    #[error("event {seq} has been altered")]
    Altered { seq: i64 },
    #[error("the trail ends at event {seq}, the recorded end is event {recorded}")]
    Truncated { seq: i64, recorded: i64 },
    #[error("event {seq} stands behind the recorded end, event {recorded}")]
    Beyond { seq: i64, recorded: i64 },
    #[error("the last hash is not the recorded one (event {seq})")]
    Head { seq: i64 },
}

/// Recomputes the hash of every event, in order, and compares the end with the recorded head.
///
/// # Errors
/// When the database does not answer; a broken chain is a [`Report`] with a fault.
pub async fn verify(database: &Database) -> Result<Report> {
    // What is appended during the walk is left to the next one. An event is committed together
    // with the end that names it, so none that is read before the end can stand behind it.
    let last: Option<i64> = audit_events::Entity::find()
        .select_only()
        .column_as(audit_events::Column::Seq.max(), "last")
        .into_tuple()
        .one(database.read())
        .await?
        .flatten();
    let recorded = head(database.read()).await?;
    let (recorded, recorded_hash) =
        recorded.map_or((0, GENESIS.to_owned()), |head| (head.seq, head.hash));
    let mut events = audit_events::Entity::find()
        .order_by_asc(audit_events::Column::Seq)
        .stream(database.read())
        .await?;
    let mut report = Report {
        events: 0,
        head: GENESIS.to_owned(),
        fault: None,
    };
    while report.events < recorded
        && let Some(row) = events.try_next().await?
    {
        let seq = report.events + 1;
        let fault = if row.seq != seq {
            Some(Fault::Missing { seq })
        } else if row.prev_hash != report.head {
            Some(Fault::Unchained { seq })
        } else if leaf_hash(&row)? != row.hash {
            Some(Fault::Altered { seq })
        } else {
            None
        };
        if fault.is_some() {
            report.fault = fault;
            return Ok(report);
        }
        report.events = seq;
        report.head = row.hash;
    }
    if report.events < recorded {
        report.fault = Some(Fault::Truncated {
            seq: report.events,
            recorded,
        });
    } else if report.head != recorded_hash {
        report.fault = Some(Fault::Head { seq: recorded });
    } else if let Some(seq) = last.filter(|last| *last > recorded) {
        report.fault = Some(Fault::Beyond { seq, recorded });
    }
    Ok(report)
}
