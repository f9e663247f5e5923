//! What is kept of the pages that approvals stand by, against the trail.

use super::{desk_check::Check, rows};
use crate::{
    Result,
    audit::records::{Hashed, Record},
    entities::{page_changes, page_texts, watched_pages},
    living::ChangeState,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::BTreeSet;
use trail::sha256;
use uuid::Uuid;

/// How many texts are held in memory at once.
const BATCH: usize = 20;

/// Compares pages, their changes and their texts. A text that nothing is held against any more has
/// been thrown away by the sweeper, and is not missed.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn check(snapshot: &DatabaseTransaction, check: &mut Check<'_>) -> Result<()> {
    let mut needed: BTreeSet<Uuid> = BTreeSet::new();
    let rows = rows::all(snapshot, watched_pages::Entity::find()).await?;
    check.broken(rows.broken);
    for row in rows.read {
        needed.extend(row.known_id);
        check.row_of_page(&row.record(), &row.sha256()?, None);
    }
    let rows = rows::all(snapshot, page_changes::Entity::find()).await?;
    check.broken(rows.broken);
    for row in rows.read {
        if row.state == ChangeState::Open.word() {
            needed.extend([row.before_id, row.after_id]);
        }
        check.row_of_page(&row.record(), &row.sha256()?, None);
    }
    let ids: Vec<Uuid> = page_texts::Entity::find()
        .select_only()
        .column(page_texts::Column::Id)
        .order_by_asc(page_texts::Column::Id)
        .into_tuple()
        .all(snapshot)
        .await?;
    for ids in ids.chunks(BATCH) {
        let texts =
            page_texts::Entity::find().filter(page_texts::Column::Id.is_in(ids.iter().copied()));
        let rows = rows::all(snapshot, texts).await?;
        check.broken(rows.broken);
        for row in rows.read {
            let text = sha256(&row.text);
            let texts = Some((text.as_str(), row.sha256.as_str()));
            check.row_of_page(&row.record(), &row.sha256()?, texts);
        }
    }
    check.forgive(|record| match record {
        Record::PageText(id) => !needed.contains(id),
        _ => false,
    });
    Ok(())
}
