//! Throwing away the bytes of files: of those that were never handed in, and of those that no record
//! names. The records stay.

use super::{BATCH, UPLOAD_GRACE};
use crate::{
    Desk, Error, Result,
    entities::{
        apps, attachments, cases, discarded_files, drafts, gallery_images, submissions,
        support_files,
    },
    gallery::hash_in,
};
use futures_util::TryStreamExt;
use object_store::{ObjectStore, ObjectStoreExt, path::Path};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict, SelectStatement},
};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::state::Side;

/// From when on files that were never handed in are needed no more.
#[derive(Clone, Copy)]
pub(super) struct Cutoffs {
    /// Those that were removed from a draft.
    pub removed: i64,
    /// Those of an application that has ended.
    pub ended: i64,
}

/// Throws away the bytes of files that were removed from a draft and never handed in, in this case
/// or in one that began with copies of its files.
pub(super) async fn removed(desk: &Desk, cutoffs: Cutoffs) -> Result<u64> {
    let old = attachments::Column::RemovedAt.lt(cutoffs.removed);
    discard(desk, Condition::all().add(old), cutoffs).await
}

/// Throws away the bytes of files that were still attached to the draft of an application when it
/// ended, withdrawn or lapsed or decided, and that were never handed in. They are looked for while
/// there is a draft: it is thrown away at the same age, and afterwards. An application that never
/// was handed in may never have had one.
pub(super) async fn of_ended(desk: &Desk, cutoffs: Cutoffs) -> Result<u64> {
    let with_draft = drafts::Entity::find()
        .select_only()
        .column(drafts::Column::CaseId)
        .into_query();
    let ended = cases::Entity::find()
        .select_only()
        .column(cases::Column::Id)
        .filter(ended_before(cutoffs.ended))
        .filter(
            Condition::any()
                .add(cases::Column::SubmittedAt.is_null())
                .add(cases::Column::Id.in_subquery(with_draft)),
        )
        .into_query();
    let old = attachments::Column::CaseId.in_subquery(ended);
    discard(desk, Condition::all().add(old), cutoffs).await
}

/// Throws away the bytes of these files, as far as no record needs them.
async fn discard(desk: &Desk, which: Condition, cutoffs: Cutoffs) -> Result<u64> {
    let mut gone = 0;
    let mut last = Uuid::nil();
    loop {
        let page = attachments::Entity::find()
            .filter(which.clone())
            .filter(attachments::Column::Id.gt(last))
            .filter(attachments::Column::StorageKey.not_in_subquery(discarded()))
            .order_by_asc(attachments::Column::Id)
            .limit(BATCH)
            .all(desk.database.read())
            .await?;
        let Some(end) = page.last() else {
            return Ok(gone);
        };
        last = end.id;
        for row in page {
            if is_needed(desk, &row.storage_key, cutoffs).await? {
                continue;
            }
            delete(desk, &row.storage_key).await?;
            // Bytes first: what is noted as gone is gone.
            discarded_files::Entity::insert(discarded_files::ActiveModel {
                storage_key: Set(row.storage_key.clone()),
                discarded_at: Set(desk.now().micros()),
            })
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(desk.database.write())
            .await?;
            gone += 1;
        }
    }
}

/// The files whose bytes have gone before.
fn discarded() -> SelectStatement {
    discarded_files::Entity::find()
        .select_only()
        .column(discarded_files::Column::StorageKey)
        .into_query()
}

/// Whether any record with these bytes is still attached to an application that goes on or has
/// ended lately, was removed lately, or was handed in.
async fn is_needed(desk: &Desk, storage_key: &str, cutoffs: Cutoffs) -> Result<bool> {
    let database = desk.database.read();
    let rows = attachments::Entity::find()
        .filter(attachments::Column::StorageKey.eq(storage_key))
        .all(database)
        .await?;
    for row in rows {
        let in_use = match row.removed_at {
            Some(at) => at >= cutoffs.removed,
            None => !has_ended(desk, row.case_id, cutoffs.ended).await?,
        };
        if in_use {
            return Ok(true);
        }
        let id = row.id.to_string();
        let bodies: Vec<String> = submissions::Entity::find()
            .select_only()
            .column(submissions::Column::Body)
            .filter(submissions::Column::CaseId.eq(row.case_id))
            .into_tuple()
            .all(database)
            .await?;
        if bodies.iter().any(|body| body.contains(&id)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Cases that ended before this moment; of one that was never handed in no clock ran, and what was
/// done to it last was its end.
pub(super) fn ended_before(moment: i64) -> Condition {
    let ended = Expr::col(cases::Column::EndedAt).if_null(Expr::col(cases::Column::ChangedAt));
    Condition::all()
        .add(cases::Column::Side.eq(Side::Nobody.word()))
        .add(ended.lt(moment))
}

async fn has_ended(desk: &Desk, case: Uuid, before: i64) -> Result<bool> {
    let ended = cases::Entity::find_by_id(case)
        .filter(ended_before(before))
        .one(desk.database.read())
        .await?;
    Ok(ended.is_some())
}

pub(super) async fn delete(desk: &Desk, storage_key: &str) -> Result<()> {
    match desk.storage.delete(&Path::from(storage_key)).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(Error::unavailable(error)),
    }
}

/// Files that no record names, of applications, support requests, entries of the gallery and apps:
/// uploads that were refused or broke off.
pub(super) async fn orphaned(desk: &Desk) -> Result<u64> {
    Ok(orphaned_in(desk, "cases").await?
        + orphaned_in(desk, "requests").await?
        + orphaned_in(desk, "gallery").await?
        + orphaned_in(desk, "apps").await?)
}

async fn orphaned_in(desk: &Desk, folder: &'static str) -> Result<u64> {
    let before = desk.now().plus(-UPLOAD_GRACE).micros();
    let mut found = desk.storage.list(Some(&Path::from(folder)));
    let mut gone = 0;
    loop {
        let mut batch = BTreeSet::new();
        let mut ended = false;
        while batch.len() < 200 {
            match found.try_next().await.map_err(Error::unavailable)? {
                Some(file) if file.last_modified.timestamp_micros() < before => {
                    batch.insert(file.location.to_string());
                }
                Some(_) => {}
                None => {
                    ended = true;
                    break;
                }
            }
        }
        let named: Vec<String> = attachments::Entity::find()
            .select_only()
            .column(attachments::Column::StorageKey)
            .filter(attachments::Column::StorageKey.is_in(batch.iter().cloned()))
            .into_tuple()
            .all(desk.database.read())
            .await?;
        let of_requests: Vec<String> = support_files::Entity::find()
            .select_only()
            .column(support_files::Column::StorageKey)
            .filter(support_files::Column::StorageKey.is_in(batch.iter().cloned()))
            .into_tuple()
            .all(desk.database.read())
            .await?;
        for key in named.into_iter().chain(of_requests) {
            batch.remove(&key);
        }
        let hashes: BTreeSet<&str> = batch.iter().filter_map(|key| hash_in(key)).collect();
        let of_entries: BTreeSet<String> = gallery_images::Entity::find()
            .select_only()
            .column(gallery_images::Column::Hash)
            .filter(gallery_images::Column::Hash.is_in(hashes))
            .into_tuple::<String>()
            .all(desk.database.read())
            .await?
            .into_iter()
            .collect();
        batch.retain(|key| hash_in(key).is_none_or(|hash| !of_entries.contains(hash)));
        for logo in logos_of(desk, &batch).await? {
            batch.retain(|key| !key.contains(&logo));
        }
        for key in &batch {
            delete(desk, key).await?;
            gone += 1;
        }
        if ended {
            return Ok(gone);
        }
    }
}

/// What the logos are called of the apps among these files.
async fn logos_of(desk: &Desk, keys: &BTreeSet<String>) -> Result<Vec<String>> {
    let apps: BTreeSet<Uuid> = keys
        .iter()
        .filter_map(|key| key.strip_prefix("apps/")?.split('/').next()?.parse().ok())
        .collect();
    let rows = apps::Entity::find()
        .filter(apps::Column::Id.is_in(apps))
        .filter(apps::Column::Logo.is_not_null())
        .all(desk.database.read())
        .await?;
    // Of a logo that cannot be read no file is thrown away.
    rows.into_iter()
        .map(|app| Ok(app.logo()?.map(|logo| logo.hash)))
        .filter_map(Result::transpose)
        .collect()
}
