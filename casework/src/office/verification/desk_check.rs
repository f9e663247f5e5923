//! What the desk publishes against the trail: agreements, request forms and checklists, versions of
//! the policy, settings, holidays; and what was signed of partnerships.

use super::{
    case_check::Checked,
    rows::{self, Broken},
    signers::Signers,
};
use crate::{
    Result,
    audit::records::{Hashed, Record, holidays_sha256, partnership_sha256, policy_sha256, touched},
    audit::{body, pages},
    entities::{
        agreements, canned_texts, gallery_entries, gallery_versions, guides, holidays,
        partner_lapses, partner_publications, partner_signatures, partnerships, policy_rules,
        policy_versions, reacceptances, settings, templates,
    },
    partners,
};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryOrder};
use serde_json::Value;
use std::collections::BTreeMap;
use trail::{Event, Fault, Wrong, record, sha256};
use uuid::Uuid;

/// What an event says of a row.
#[derive(Clone, Debug)]
struct Said {
    seq: i64,
    /// The hash of the row; none in events from before rows were bound.
    row: Option<String>,
    /// The hash of the text alone.
    text: Option<String>,
}

/// What the events say of published rows, the last word of each.
#[derive(Default)]
pub(super) struct DeskTold {
    rows: BTreeMap<Record, Said>,
    /// Events that are of no case and cannot be read.
    unreadable: Vec<Fault>,
    /// Whether there are events of pages from before their rows were bound.
    older_pages: bool,
    signers: Signers,
}

impl DeskTold {
    /// The event that had the last word on a row.
    pub fn seq(&self, record: &Record) -> Option<i64> {
        self.rows.get(record).map(|said| said.seq)
    }

    /// Takes in an event. Those of cases are read with their cases.
    pub fn listen(&mut self, event: &Event) {
        if event.case_id.is_some() {
            return;
        }
        let Some(body) = body::body(false, &event.name, &event.body) else {
            self.unreadable.push(Fault::Record {
                seq: event.seq,
                record: "its body".to_owned(),
                wrong: Wrong::Unreadable,
            });
            return;
        };
        self.signers.listen(event, &body);
        self.older_pages |= pages::is_older(&event.name, &body);
        for record in touched(None, &event.name, &body).records {
            let name = record.to_string();
            let bound = record::read(&body);
            let row = bound.into_iter().find(|one| one.record == name);
            let text = body.pointer("/after/sha256").and_then(Value::as_str);
            self.rows.insert(
                record,
                Said {
                    seq: event.seq,
                    row: row.map(|one| one.sha256),
                    text: text.map(str::to_owned),
                },
            );
        }
    }
}

/// What has been compared so far.
pub(super) struct Check<'a> {
    told: &'a BTreeMap<Record, Said>,
    older_pages: bool,
    missing: BTreeMap<&'a Record, i64>,
    checked: Checked,
}

impl Check<'_> {
    /// `texts` are the hash of the row's text as computed and as stored beside it.
    fn row(&mut self, record: &Record, row: &str, texts: Option<(&str, &str)>) {
        self.missing.remove(record);
        let Some(said) = self.told.get(record) else {
            let record = record.label();
            self.checked.faults.push(Fault::Forged { record });
            return;
        };
        let altered = match &said.row {
            Some(told) => told != row,
            None => {
                self.checked.unhashed += 1;
                false
            }
        };
        let text = texts.is_some_and(|(computed, stored)| {
            computed != stored || said.text.as_deref().is_some_and(|told| told != computed)
        });
        if altered || text {
            self.checked.faults.push(Fault::Record {
                seq: said.seq,
                record: record.label(),
                wrong: Wrong::Altered,
            });
        }
    }

    /// The same of what is kept of pages: a row from before they were bound is one of which nothing
    /// can be said.
    pub(super) fn row_of_page(&mut self, record: &Record, row: &str, texts: Option<(&str, &str)>) {
        if self.older_pages && !self.told.contains_key(record) {
            self.checked.unhashed += 1;
        } else {
            self.row(record, row, texts);
        }
    }

    /// Does not miss what has gone as it should.
    pub(super) fn forgive(&mut self, may_be_gone: impl Fn(&Record) -> bool) {
        self.missing.retain(|record, _| !may_be_gone(record));
    }

    /// A row, or a part of one, that cannot be read.
    fn unreadable(&mut self, record: &Record, column: String) {
        let Some(seq) = self.missing.remove(record) else {
            let record = record.to_string();
            self.checked
                .faults
                .push(Fault::Unreadable { record, column });
            return;
        };
        self.checked.faults.push(Fault::Record {
            seq,
            record: record.label(),
            wrong: Wrong::Column { column },
        });
    }

    /// As [`Check::unreadable`], by the key of the row.
    pub(super) fn broken(&mut self, broken: Vec<Broken>) {
        for Broken { key, column, .. } in broken {
            let record = self.missing.keys().find(|record| record.to_string() == key);
            match record.copied() {
                Some(record) => self.unreadable(record, column),
                None => self.checked.faults.push(Fault::Unreadable {
                    record: key,
                    column,
                }),
            }
        }
    }
}

/// Compares all of them.
pub(super) async fn check(
    snapshot: &DatabaseTransaction,
    told: DeskTold,
) -> Result<(Checked, Signers)> {
    let mut check = Check {
        told: &told.rows,
        older_pages: told.older_pages,
        missing: told
            .rows
            .iter()
            .map(|(record, said)| (record, said.seq))
            .collect(),
        checked: Checked {
            faults: told.unreadable,
            records: u64::try_from(told.rows.len()).unwrap_or(u64::MAX),
            ..Checked::default()
        },
    };
    every::<agreements::Entity>(snapshot, &mut check).await?;
    every::<templates::Entity>(snapshot, &mut check).await?;
    every::<guides::Entity>(snapshot, &mut check).await?;
    every::<canned_texts::Entity>(snapshot, &mut check).await?;
    every::<settings::Entity>(snapshot, &mut check).await?;
    every::<gallery_versions::Entity>(snapshot, &mut check).await?;
    every::<gallery_entries::Entity>(snapshot, &mut check).await?;
    every::<partner_publications::Entity>(snapshot, &mut check).await?;
    every::<reacceptances::Entity>(snapshot, &mut check).await?;
    for row in every::<partner_signatures::Entity>(snapshot, &mut check).await? {
        let seq = told
            .rows
            .get(&row.record())
            .map_or(i64::MAX, |said| said.seq);
        let own = |key: &String| told.signers.has(row.person_id, key, seq);
        if !partners::signature_holds(&row) || !row.public_key.as_ref().is_none_or(own) {
            let record = row.record().label();
            let wrong = Wrong::ForgedSignature;
            check
                .checked
                .faults
                .push(Fault::Record { seq, record, wrong });
        }
    }
    partnerships(snapshot, &mut check).await?;
    policies(snapshot, &mut check).await?;
    super::pages::check(snapshot, &mut check).await?;
    let by_day = holidays::Entity::find().order_by_asc(holidays::Column::Day);
    let days = rows::all(snapshot, by_day).await?;
    if let Some(broken) = days.broken.into_iter().next() {
        let column = format!("{}, {}", broken.key, broken.column);
        check.unreadable(&Record::Holidays, column);
    } else if !days.read.is_empty() {
        check.row(&Record::Holidays, &holidays_sha256(&days.read)?, None);
    }
    for (record, seq) in check.missing {
        check.checked.faults.push(Fault::Record {
            seq,
            record: record.label(),
            wrong: Wrong::Missing,
        });
    }
    let checked = check.checked;
    Ok((checked, told.signers))
}

/// Every row of a table against what was said of it; answers those that could be read.
async fn every<E>(snapshot: &DatabaseTransaction, check: &mut Check<'_>) -> Result<Vec<E::Model>>
where
    E: EntityTrait,
    E::Model: Hashed,
{
    let rows = rows::all(snapshot, E::find()).await?;
    check.broken(rows.broken);
    for row in &rows.read {
        let text = row.text().map(|(text, stored)| (sha256(text), stored));
        let texts = text.as_ref().map(|(text, stored)| (text.as_str(), *stored));
        check.row(&row.record(), &row.sha256()?, texts);
    }
    Ok(rows.read)
}

/// Every partnership with its lapses.
async fn partnerships(snapshot: &DatabaseTransaction, check: &mut Check<'_>) -> Result<()> {
    let in_order = partner_lapses::Entity::find().order_by_asc(partner_lapses::Column::Id);
    let rows = rows::all(snapshot, in_order).await?;
    check.broken(rows.broken);
    let mut lapses: BTreeMap<Uuid, Vec<partner_lapses::Model>> = BTreeMap::new();
    for lapse in rows.read {
        lapses.entry(lapse.partnership_id).or_default().push(lapse);
    }
    let rows = rows::all(snapshot, partnerships::Entity::find()).await?;
    check.broken(rows.broken);
    for row in rows.read {
        let lapses = lapses.remove(&row.id).unwrap_or_default();
        let sha256 = partnership_sha256(&row, &lapses)?;
        check.row(&Record::Partnership(row.id), &sha256, None);
    }
    for partnership in lapses.into_keys() {
        check.checked.faults.push(Fault::Forged {
            record: format!("a lapse of partnership {partnership}"),
        });
    }
    Ok(())
}

/// Every version of the policy with its rules.
async fn policies(snapshot: &DatabaseTransaction, check: &mut Check<'_>) -> Result<()> {
    let in_order = policy_rules::Entity::find()
        .order_by_asc(policy_rules::Column::Version)
        .order_by_asc(policy_rules::Column::Position);
    let rows = rows::all(snapshot, in_order).await?;
    let mut rules: BTreeMap<i32, Vec<policy_rules::Model>> = BTreeMap::new();
    for rule in rows.read {
        rules.entry(rule.version).or_default().push(rule);
    }
    let mut unread = rows.broken;
    let versions = rows::all(snapshot, policy_versions::Entity::find()).await?;
    check.broken(versions.broken);
    for row in versions.read {
        let rules = rules.remove(&row.version).unwrap_or_default();
        let of_version = format!("policy_rules/{}/", row.version);
        let found = unread
            .iter()
            .position(|rule| rule.key.starts_with(&of_version));
        let record = Record::Policy(row.version);
        match found.map(|place| unread.swap_remove(place)) {
            Some(rule) => {
                let column = format!("{}, {}", rule.key, rule.column);
                check.unreadable(&record, column);
            }
            None => check.row(&record, &policy_sha256(&row, &rules)?, None),
        }
    }
    check.broken(unread);
    let unknown = |version: &i32| !check.told.contains_key(&Record::Policy(*version));
    for version in rules.into_keys().filter(unknown) {
        check.checked.faults.push(Fault::Forged {
            record: format!("a rule of policy version {version}"),
        });
    }
    Ok(())
}
