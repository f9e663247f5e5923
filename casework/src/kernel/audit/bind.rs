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
    ColumnTrait, ConnectionTrait, EntityTrait, PrimaryKeyTrait, QueryFilter, QueryOrder, Select,
    Value as SqlValue,
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
                found
                    .extend(one::<agreements::Entity>(connection, (kind.clone(), *version)).await?);
            }
            Record::Template { kind, version } => {
                found.extend(one::<templates::Entity>(connection, (kind.clone(), *version)).await?);
            }
            Record::Guide { guide, version } => {
                found.extend(one::<guides::Entity>(connection, (guide.clone(), *version)).await?);
            }
            Record::CannedText { text, version } => {
                found.extend(one::<canned_texts::Entity>(connection, (*text, *version)).await?);
            }
            Record::Setting { key, from_at } => {
                found.extend(one::<settings::Entity>(connection, (key.clone(), *from_at)).await?);
            }
            Record::GalleryVersion { entry, version } => {
                found
                    .extend(one::<gallery_versions::Entity>(connection, (*entry, *version)).await?);
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
                found.extend(one::<partner_publications::Entity>(connection, *app).await?);
            }
            Record::Reacceptance(id) => {
                found.extend(one::<reacceptances::Entity>(connection, *id).await?);
            }
            Record::GalleryEntry(id) => {
                found.extend(one::<gallery_entries::Entity>(connection, *id).await?);
            }
            Record::PartnerSignature(id) => {
                found.extend(one::<partner_signatures::Entity>(connection, *id).await?);
            }
            Record::WatchedPage(id) => {
                found.extend(one::<watched_pages::Entity>(connection, *id).await?);
            }
            Record::PageText(id) => {
                found.extend(one::<page_texts::Entity>(connection, *id).await?);
            }
            Record::PageChange(id) => {
                found.extend(one::<page_changes::Entity>(connection, *id).await?);
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
    put::<submissions::Entity>(
        connection,
        &mut found,
        submissions::Column::CaseId,
        &keys.cases,
    )
    .await?;
    put::<attachments::Entity>(
        connection,
        &mut found,
        attachments::Column::Id,
        &keys.attachments,
    )
    .await?;
    put::<signatures::Entity>(
        connection,
        &mut found,
        signatures::Column::Id,
        &keys.signatures,
    )
    .await?;
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

/// The hash of the row with this key, if it is there.
async fn one<E>(
    connection: &impl ConnectionTrait,
    key: impl Into<<E::PrimaryKey as PrimaryKeyTrait>::ValueType>,
) -> Result<Option<(Record, String)>>
where
    E: EntityTrait,
    E::Model: Hashed,
{
    let row = E::find_by_id(key).one(connection).await?;
    row.map(|row| Ok((row.record(), row.sha256()?))).transpose()
}

/// Adds the hashes of the rows with these keys.
async fn put<E>(
    connection: &impl ConnectionTrait,
    found: &mut BTreeMap<Record, String>,
    column: E::Column,
    keys: &BTreeSet<Uuid>,
) -> Result<()>
where
    E: EntityTrait,
    E::Model: Hashed,
{
    for query in by_key(E::find(), column, keys) {
        for row in query.all(connection).await? {
            found.insert(row.record(), row.sha256()?);
        }
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
