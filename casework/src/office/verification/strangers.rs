//! Rows of cases that no event knows.

use super::rows::text;
use crate::{
    Result,
    entities::{attachments, audit_events, cases, grants, signatures, submissions},
};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use trail::Fault;

/// So many of one table are named.
const MOST: u64 = 1_000;

/// Finds them in every table that has rows of cases.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn find(snapshot: &DatabaseTransaction) -> Result<Vec<Fault>> {
    let mut found = Vec::new();
    let put = &mut found;
    of::<cases::Entity>(snapshot, cases::Column::Id, "case", put).await?;
    let column = submissions::Column::CaseId;
    of::<submissions::Entity>(snapshot, column, "submission", put).await?;
    let column = attachments::Column::CaseId;
    of::<attachments::Entity>(snapshot, column, "attachment", put).await?;
    let column = signatures::Column::CaseId;
    of::<signatures::Entity>(snapshot, column, "signature", put).await?;
    of::<grants::Entity>(snapshot, grants::Column::CaseId, "grant", put).await?;
    Ok(found)
}

async fn of<E: EntityTrait>(
    snapshot: &DatabaseTransaction,
    case: E::Column,
    what: &str,
    found: &mut Vec<Fault>,
) -> Result<()> {
    let events = Query::select()
        .expr(Expr::val(1))
        .from(audit_events::Entity)
        .and_where(
            Expr::col((audit_events::Entity, audit_events::Column::CaseId))
                .equals((E::default(), case)),
        )
        .to_owned();
    let query = E::find()
        .select_only()
        .column(case)
        .filter(Expr::exists(events).not())
        .limit(MOST)
        .build(snapshot.get_database_backend());
    for row in snapshot.query_all_raw(query).await? {
        found.push(Fault::Forged {
            record: format!("a {what} of case {}", text(&row, &case)),
        });
    }
    Ok(())
}
