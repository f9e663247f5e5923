//! Binding rows into the trail: before an event is appended, the rows that it made or changed are
//! read back in the same transaction, and their hashes go into its body.

use super::{
    chain::{Entry, Subject},
    records::{
        Hashed, Record, Touched, holidays_sha256, partnership_sha256, policy_sha256, touched,
    },
};
use crate::{
    Result,
    entities::{
        agreements, attachments, canned_texts, gallery_entries, gallery_versions, grants, guides,
        holidays, page_changes, page_texts, partner_lapses, partner_publications,
        partner_signatures, partnerships, policy_rules, policy_versions, reacceptances, settings,
        signatures, submissions, templates, watched_pages,
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select, Value as SqlValue,
};
use std::collections::{BTreeMap, BTreeSet};
use trail::record::{Bound, write};
use uuid::Uuid;

/// Keys of one SELECT: databases limit its parameters.
const KEYS_AT_ONCE: usize = 500;

/// Writes into each entry the hashes of the rows that it touched, as they are now.
pub(super) async fn bind(
    connection: &impl ConnectionTrait,
    entries: impl Iterator<Item = &mut Entry>,
) -> Result<()> {
    let mut touching = Vec::new();
    let mut all = Touched::default();
    let mut cases = BTreeSet::new();
    for entry in entries {
        let case = match entry.subject {
            Subject::Case { id, .. } => Some(id),
            Subject::Person(_) | Subject::App(_) | Subject::Request(_) | Subject::Desk => None,
        };
        let touched = touched(case, entry.name, &entry.body);
        all.records.extend(touched.records.iter().cloned());
        cases.extend(touched.grants_of);
        if touched != Touched::default() {
            touching.push((entry, touched));
        }
    }
    if touching.is_empty() {
        return Ok(());
    }
    let hashes = hashes(connection, &all.records).await?;
    let grants = grants_of(connection, &cases).await?;
    for (entry, touched) in touching {
        let mut bound = Vec::new();
        let mut put = |record: &Record, sha256: &str| {
            bound.push(Bound {
                record: record.to_string(),
                sha256: sha256.to_owned(),
            });
        };
        for record in &touched.records {
            if let Some(sha256) = hashes.get(record) {
                put(record, sha256);
            }
        }
        for (record, sha256) in touched
            .grants_of
            .iter()
            .filter_map(|id| grants.get(id))
            .flatten()
        {
            put(record, sha256);
        }
        write(&mut entry.body, &bound);
    }
    Ok(())
}

/// The hashes of rows; one that is not there has none.
async fn hashes(
    connection: &impl ConnectionTrait,
    records: &[Record],
) -> Result<BTreeMap<Record, String>> {
    let mut keys = Keys::default();
    let mut found = BTreeMap::new();
    for record in records {
        match record {
            Record::Submission { case, .. } => {
                keys.cases.insert(*case);
            }
            Record::Attachment(id) => {
                keys.attachments.insert(*id);
            }
            Record::Signature(id) => {
                keys.signatures.insert(*id);
            }
            Record::Grant(_) => {}
            Record::Agreement { kind, version } => {
                let row = agreements::Entity::find_by_id((kind.clone(), *version));
                put(&mut found, row.all(connection).await?)?;
            }
            Record::Template { kind, version } => {
                let row = templates::Entity::find_by_id((kind.clone(), *version));
                put(&mut found, row.all(connection).await?)?;
            }
            Record::Guide { guide, version } => {
                let row = guides::Entity::find_by_id((guide.clone(), *version));
                put(&mut found, row.all(connection).await?)?;
            }
            Record::CannedText { text, version } => {
                let row = canned_texts::Entity::find_by_id((*text, *version));
                put(&mut found, row.all(connection).await?)?;
            }
            Record::Setting { key, from_at } => {
                let row = settings::Entity::find_by_id((key.clone(), *from_at));
                put(&mut found, row.all(connection).await?)?;
            }
            Record::GalleryVersion { entry, version } => {
                let row = gallery_versions::Entity::find_by_id((*entry, *version));
                put(&mut found, row.all(connection).await?)?;
            }
            Record::Policy(version) => {
                let row = policy_versions::Entity::find_by_id(*version);
                if let Some(row) = row.one(connection).await? {
                    let rules = policy_rules::Entity::find()
                        .filter(policy_rules::Column::Version.eq(*version))
                        .order_by_asc(policy_rules::Column::Position)
                        .all(connection)
                        .await?;
                    found.insert(record.clone(), policy_sha256(&row, &rules)?);
                }
            }
            Record::Partnership(id) => {
                let row = partnerships::Entity::find_by_id(*id);
                if let Some(row) = row.one(connection).await? {
                    let lapses = partner_lapses::Entity::find()
                        .filter(partner_lapses::Column::PartnershipId.eq(*id))
                        .order_by_asc(partner_lapses::Column::Id)
                        .all(connection)
                        .await?;
                    found.insert(record.clone(), partnership_sha256(&row, &lapses)?);
                }
            }
            Record::PartnerPublication(app) => {
                let row = partner_publications::Entity::find_by_id(*app);
                put(&mut found, row.all(connection).await?)?;
            }
            Record::Reacceptance(id) => {
                let row = reacceptances::Entity::find_by_id(*id);
                put(&mut found, row.all(connection).await?)?;
            }
            Record::GalleryEntry(id) => {
                let row = gallery_entries::Entity::find_by_id(*id);
                put(&mut found, row.all(connection).await?)?;
            }
            Record::PartnerSignature(id) => {
                let row = partner_signatures::Entity::find_by_id(*id);
                put(&mut found, row.all(connection).await?)?;
            }
            Record::WatchedPage(id) => {
                let row = watched_pages::Entity::find_by_id(*id);
                put(&mut found, row.all(connection).await?)?;
            }
            Record::PageText(id) => {
                let row = page_texts::Entity::find_by_id(*id);
                put(&mut found, row.all(connection).await?)?;
            }
            Record::PageChange(id) => {
                let row = page_changes::Entity::find_by_id(*id);
                put(&mut found, row.all(connection).await?)?;
            }
            Record::Holidays => {
                let days = holidays::Entity::find()
                    .order_by_asc(holidays::Column::Day)
                    .all(connection)
                    .await?;
                found.insert(Record::Holidays, holidays_sha256(&days)?);
            }
        }
    }
    let rows = by_key(
        submissions::Entity::find(),
        submissions::Column::CaseId,
        &keys.cases,
    );
    for query in rows {
        put(&mut found, query.all(connection).await?)?;
    }
    let rows = by_key(
        attachments::Entity::find(),
        attachments::Column::Id,
        &keys.attachments,
    );
    for query in rows {
        put(&mut found, query.all(connection).await?)?;
    }
    let rows = by_key(
        signatures::Entity::find(),
        signatures::Column::Id,
        &keys.signatures,
    );
    for query in rows {
        put(&mut found, query.all(connection).await?)?;
    }
    Ok(found)
}

#[derive(Default)]
struct Keys {
    cases: BTreeSet<Uuid>,
    attachments: BTreeSet<Uuid>,
    signatures: BTreeSet<Uuid>,
}

/// Queries for the rows with these keys, some of the keys in each.
pub(crate) fn by_key<E: EntityTrait>(
    query: Select<E>,
    column: impl ColumnTrait,
    keys: &BTreeSet<Uuid>,
) -> Vec<Select<E>> {
    let keys: Vec<SqlValue> = keys.iter().map(|key| (*key).into()).collect();
    keys.chunks(KEYS_AT_ONCE)
        .map(|keys| query.clone().filter(column.is_in(keys.to_vec())))
        .collect()
}

fn put<M: Hashed>(found: &mut BTreeMap<Record, String>, rows: Vec<M>) -> Result<()> {
    for row in rows {
        found.insert(row.record(), row.sha256()?);
    }
    Ok(())
}

/// The grants of cases with their hashes.
async fn grants_of(
    connection: &impl ConnectionTrait,
    cases: &BTreeSet<Uuid>,
) -> Result<BTreeMap<Uuid, BTreeMap<Record, String>>> {
    let mut found: BTreeMap<Uuid, BTreeMap<Record, String>> = BTreeMap::new();
    for query in by_key(grants::Entity::find(), grants::Column::CaseId, cases) {
        for row in query.all(connection).await? {
            let of_case = found.entry(row.case_id).or_default();
            of_case.insert(row.record(), row.sha256()?);
        }
    }
    Ok(found)
}
