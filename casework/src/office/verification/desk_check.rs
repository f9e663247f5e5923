//! What the desk publishes against the trail: agreements, request forms and checklists, versions of
//! the policy, settings, holidays.

use super::case_check::Checked;
use crate::{
    Result,
    audit::records::{Hashed, Record, holidays_sha256, policy_sha256, touched},
    entities::{agreements, holidays, policy_rules, policy_versions, settings, templates},
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use std::collections::BTreeMap;
use trail::{Event, Fault, Wrong, record, sha256};

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
pub(super) struct DeskTold(BTreeMap<Record, Said>);

impl DeskTold {
    /// Takes in an event.
    ///
    /// # Errors
    /// When the body of an event of the desk cannot be read.
    pub fn listen(&mut self, event: &Event) -> Result<()> {
        let published = event.name.ends_with("_published") || event.name.ends_with("_set");
        if event.case_id.is_some() || !published {
            return Ok(());
        }
        let body: Value = serde_json::from_str(&event.body)?;
        for record in touched(None, &event.name, &body).records {
            let name = record.to_string();
            let bound = record::read(&body);
            let row = bound.into_iter().find(|one| one.record == name);
            let text = body.pointer("/after/sha256").and_then(Value::as_str);
            self.0.insert(
                record,
                Said {
                    seq: event.seq,
                    row: row.map(|one| one.sha256),
                    text: text.map(str::to_owned),
                },
            );
        }
        Ok(())
    }
}

struct Check<'a> {
    told: &'a DeskTold,
    missing: BTreeMap<&'a Record, i64>,
    checked: Checked,
}

impl Check<'_> {
    /// `texts` are the hash of the row's text as computed and as stored beside it.
    fn row(&mut self, record: &Record, row: &str, texts: Option<(&str, &str)>) {
        self.missing.remove(record);
        let Some(said) = self.told.0.get(record) else {
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
}

/// Compares all of them; hands over what was found.
pub(super) async fn check<T>(
    snapshot: &DatabaseTransaction,
    told: &DeskTold,
    take: &mut (impl FnMut(Checked) -> T + Send),
) -> Result<()> {
    let mut check = Check {
        told,
        missing: told
            .0
            .iter()
            .map(|(record, said)| (record, said.seq))
            .collect(),
        checked: Checked::default(),
    };
    check.checked.records = u64::try_from(told.0.len()).unwrap_or(u64::MAX);
    for row in agreements::Entity::find().all(snapshot).await? {
        let text = sha256(&row.body);
        check.row(&row.record(), &row.sha256()?, Some((&text, &row.sha256)));
    }
    for row in templates::Entity::find().all(snapshot).await? {
        let text = sha256(&row.body);
        check.row(&row.record(), &row.sha256()?, Some((&text, &row.sha256)));
    }
    for row in settings::Entity::find().all(snapshot).await? {
        check.row(&row.record(), &row.sha256()?, None);
    }
    for row in policy_versions::Entity::find().all(snapshot).await? {
        let rules = policy_rules::Entity::find()
            .filter(policy_rules::Column::Version.eq(row.version))
            .order_by_asc(policy_rules::Column::Position)
            .all(snapshot)
            .await?;
        let sha256 = policy_sha256(&row, &rules)?;
        check.row(&Record::Policy(row.version), &sha256, None);
    }
    let days = holidays::Entity::find()
        .order_by_asc(holidays::Column::Day)
        .all(snapshot)
        .await?;
    if !days.is_empty() {
        check.row(&Record::Holidays, &holidays_sha256(&days)?, None);
    }
    for (record, seq) in check.missing {
        check.checked.faults.push(Fault::Record {
            seq,
            record: record.label(),
            wrong: Wrong::Missing,
        });
    }
    take(check.checked);
    Ok(())
}
