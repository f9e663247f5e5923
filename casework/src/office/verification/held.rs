//! What the database holds of some cases.

use super::rows::{self, Broken};
use crate::{
    Result,
    audit::by_key,
    entities::{attachments, audit_events, cases, grants, signatures, submissions},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, Order, QueryFilter,
    QueryOrder, QuerySelect, Select, sea_query::Expr,
};
use std::collections::{BTreeMap, BTreeSet};
use trail::Event;
use uuid::Uuid;

/// Cases looked at together.
const CASES_AT_ONCE: u64 = 100;

/// What the database holds of one case.
#[derive(Default)]
pub(super) struct Held {
    /// In the order of their numbers.
    pub events: Vec<Event>,
    /// Whether an event among them could not be read, as the walk along the chain tells.
    pub lacks_events: bool,
    pub row: Option<cases::Model>,
    /// Its row, where it cannot be read.
    pub row_broken: Option<Broken>,
    pub submissions: Vec<submissions::Model>,
    pub attachments: Vec<attachments::Model>,
    pub signatures: Vec<signatures::Model>,
    pub grants: Vec<grants::Model>,
    /// Rows beside it that cannot be read.
    pub broken: Vec<Broken>,
}

/// The next cases that have events, in the order of their ids.
pub(super) async fn next_cases(
    snapshot: &DatabaseTransaction,
    after: Option<Uuid>,
) -> Result<Vec<Uuid>> {
    use audit_events::Column as C;
    let mut query = audit_events::Entity::find()
        .select_only()
        .column(C::CaseId)
        .distinct()
        .filter(C::CaseId.is_not_null())
        .order_by(C::CaseId, Order::Asc)
        .limit(CASES_AT_ONCE);
    if snapshot.get_database_backend() == DbBackend::Sqlite {
        // What is no id there is found as an event that cannot be read.
        query = query.filter(Expr::cust(
            "typeof(case_id) = 'blob' AND length(case_id) = 16",
        ));
    }
    if let Some(after) = after {
        query = query.filter(C::CaseId.gt(after));
    }
    Ok(query.into_tuple().all(snapshot).await?)
}

/// What the database holds of these cases.
pub(super) async fn held(
    snapshot: &DatabaseTransaction,
    ids: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, Held>> {
    let ids = BTreeSet::from_iter(ids);
    let mut found: BTreeMap<Uuid, Held> = ids.iter().map(|id| (*id, Held::default())).collect();
    let beside = |held: &mut Held, broken| held.broken.push(broken);
    use audit_events::Column as C;
    let events = audit_events::Entity::find()
        .order_by_asc(C::CaseId)
        .order_by_asc(C::Seq);
    for query in by_key(events, C::CaseId, &ids) {
        let add = |held: &mut Held, row: audit_events::Model| held.events.push(row.into());
        let broken = |held: &mut Held, _| held.lacks_events = true;
        gather(snapshot, query, &mut found, |row| row.case_id, add, broken).await?;
    }
    for query in by_key(cases::Entity::find(), cases::Column::Id, &ids) {
        let add = |held: &mut Held, row| held.row = Some(row);
        let broken = |held: &mut Held, row| held.row_broken = Some(row);
        gather(snapshot, query, &mut found, |row| Some(row.id), add, broken).await?;
    }
    let column = submissions::Column::CaseId;
    for query in by_key(submissions::Entity::find(), column, &ids) {
        let add = |held: &mut Held, row| held.submissions.push(row);
        gather(
            snapshot,
            query,
            &mut found,
            |row| Some(row.case_id),
            add,
            beside,
        )
        .await?;
    }
    let column = attachments::Column::CaseId;
    for query in by_key(attachments::Entity::find(), column, &ids) {
        let add = |held: &mut Held, row| held.attachments.push(row);
        gather(
            snapshot,
            query,
            &mut found,
            |row| Some(row.case_id),
            add,
            beside,
        )
        .await?;
    }
    let column = signatures::Column::CaseId;
    for query in by_key(signatures::Entity::find(), column, &ids) {
        let add = |held: &mut Held, row| held.signatures.push(row);
        gather(
            snapshot,
            query,
            &mut found,
            |row| Some(row.case_id),
            add,
            beside,
        )
        .await?;
    }
    for query in by_key(grants::Entity::find(), grants::Column::CaseId, &ids) {
        let add = |held: &mut Held, row| held.grants.push(row);
        gather(
            snapshot,
            query,
            &mut found,
            |row| Some(row.case_id),
            add,
            beside,
        )
        .await?;
    }
    Ok(found)
}

/// Gives each case its rows of a query.
async fn gather<E: EntityTrait>(
    snapshot: &DatabaseTransaction,
    query: Select<E>,
    found: &mut BTreeMap<Uuid, Held>,
    case: fn(&E::Model) -> Option<Uuid>,
    add: impl Fn(&mut Held, E::Model) + Send,
    broken: impl Fn(&mut Held, Broken) + Send,
) -> Result<()> {
    let rows = rows::all(snapshot, query).await?;
    for row in rows.read {
        if let Some(held) = case(&row).and_then(|id| found.get_mut(&id)) {
            add(held, row);
        }
    }
    for row in rows.broken {
        if let Some(held) = row.case.and_then(|id| found.get_mut(&id)) {
            broken(held, row);
        }
    }
    Ok(())
}
