//! One case against its own history: its document and columns, and every row that its events made.

use super::{files::File, held::Held, signers::Signers};
use crate::{
    Result,
    accounts::TO_ANSWER,
    audit::{
        body,
        records::{Hashed, Record, columns, touched},
    },
    entities::{attachments, grants, signatures, submissions},
    reference::Known,
    signatures::holds,
    store::project,
};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use time::Duration;
use trail::{Event, Fault, Wrong, record, sha256};
use uuid::Uuid;
use workflow::{Actor, Case, CaseNumber, PersonId, Recorded, Timestamp, state::Side};

/// What came of the check of one case.
#[derive(Default)]
pub(super) struct Checked {
    pub faults: Vec<Fault>,
    /// Rows that events made.
    pub records: u64,
    /// Of these, rows of which no event carries the hash.
    pub unhashed: u64,
    /// Files to be read.
    pub files: Vec<File>,
}

/// What the trail says of a row: the last event that touched it, and the hash that it carries.
#[derive(Clone, Copy)]
struct Told<'a> {
    seq: i64,
    event: &'a Event,
    body: &'a Value,
}

struct Check<'a> {
    held: &'a Held,
    signers: &'a Signers,
    bodies: &'a [Value],
    label: String,
    last: i64,
    told: BTreeMap<Record, (Told<'a>, Option<String>)>,
    checked: Checked,
}

/// Checks a case. `known` answers what settings and holidays held at a moment: the row may fit any
/// of the answers.
pub(super) fn check(
    held: &Held,
    known: impl Fn(Timestamp) -> Vec<Known>,
    agreements: &BTreeSet<String>,
    signers: &Signers,
) -> Result<Checked> {
    let bodies: Vec<Value> = held
        .events
        .iter()
        // No event has a body of nothing: it stands for what cannot be read.
        .map(|event| serde_json::from_str(&event.body).unwrap_or(Value::Null))
        .collect();
    let mut check = Check {
        held,
        signers,
        bodies: &bodies,
        label: label(held, &bodies),
        last: held.events.last().map_or(0, |event| event.seq),
        told: BTreeMap::new(),
        checked: Checked::default(),
    };
    if let Some(broken) = &held.row_broken {
        let column = broken.column.clone();
        check.wrong(check.last, check.label.clone(), Wrong::Column { column });
    }
    // Without all of its events nothing can be said of what they give.
    let case = if held.lacks_events {
        None
    } else {
        check.replay()
    };
    if let Some((case, history)) = &case {
        check.row(case, history, known)?;
    }
    check.listen();
    check.rows(case.as_ref().map(|(case, _)| case), agreements)?;
    Ok(check.checked)
}

fn label(held: &Held, bodies: &[Value]) -> String {
    let begun = bodies
        .iter()
        .find_map(|body| body.pointer("/event/number")?.as_i64());
    let stored = || held.row.as_ref().map(|row| i64::from(row.number));
    let number = begun
        .or_else(stored)
        .and_then(|number| u32::try_from(number).ok());
    number.map_or_else(
        || {
            let id = held.events.iter().find_map(|event| event.case_id);
            format!("case {}", id.unwrap_or_default())
        },
        |number| format!("case {}", CaseNumber(number)),
    )
}

impl<'a> Check<'a> {
    fn wrong(&mut self, seq: i64, record: String, wrong: Wrong) {
        self.checked
            .faults
            .push(Fault::Record { seq, record, wrong });
    }

    /// The case that the events give, with them.
    fn replay(&mut self) -> Option<(Case, Vec<Recorded>)> {
        let mut history = Vec::with_capacity(self.bodies.len());
        for (event, body) in self.held.events.iter().zip(self.bodies) {
            // What is recorded about a case without changing it (a look, an export) has no event.
            let Some(told) = body.get("event") else {
                if body::body(true, &event.name, &event.body).is_none() {
                    self.wrong(event.seq, self.label.clone(), Wrong::Unreadable);
                    return None;
                }
                continue;
            };
            let Some(recorded) = recorded(event, told) else {
                self.wrong(event.seq, self.label.clone(), Wrong::Unreadable);
                return None;
            };
            history.push(recorded);
        }
        let case = Case::replay(&history);
        if case.is_none() {
            let wrong = Wrong::NotFromHistory {
                part: "it does not begin with its start".to_owned(),
            };
            self.wrong(self.last, self.label.clone(), wrong);
        }
        case.map(|case| (case, history))
    }

    /// The document and the projected columns.
    fn row(
        &mut self,
        case: &Case,
        history: &[Recorded],
        known: impl Fn(Timestamp) -> Vec<Known>,
    ) -> Result<()> {
        let Some(row) = &self.held.row else {
            if self.held.row_broken.is_none() {
                self.wrong(self.last, self.label.clone(), Wrong::Missing);
            }
            return Ok(());
        };
        let mut parts = BTreeSet::new();
        if !is_document_of(case, &row.document)? {
            parts.insert("document".to_owned());
        }
        let at = history.last().map_or(Timestamp::default(), |one| one.at);
        let began = history.first().map_or(0, |one| one.at.micros());
        let mut best: Option<BTreeSet<String>> = None;
        for known in known(at) {
            let mut expected = project(case, None, history, &known)?;
            expected.created_at = began;
            expected.document.clone_from(&row.document);
            let differing = differing(&columns(&expected), &columns(row));
            if best
                .as_ref()
                .is_none_or(|best| differing.len() < best.len())
            {
                best = Some(differing);
            }
        }
        parts.extend(best.unwrap_or_default());
        if !parts.is_empty() {
            let wrong = Wrong::NotFromHistory {
                part: Vec::from_iter(parts).join(", "),
            };
            self.wrong(self.last, self.label.clone(), wrong);
        }
        Ok(())
    }

    /// What the events say of the rows that they touched.
    fn listen(&mut self) {
        for (event, body) in self.held.events.iter().zip(self.bodies) {
            let touched = touched(event.case_id, &event.name, body);
            let bound: BTreeMap<String, String> = record::read(body)
                .into_iter()
                .map(|one| (one.record, one.sha256))
                .collect();
            let grants = self.held.grants.iter().map(Hashed::record);
            let mut records = touched.records;
            if touched.grants_of.is_some() {
                records.extend(grants);
                // A grant that is no longer there is named by the event alone.
                let gone = bound.keys().filter_map(|key| key.strip_prefix("grants/"));
                records.extend(gone.filter_map(|id| id.parse().ok()).map(Record::Grant));
                if event.name == "approved" {
                    let named = body.pointer("/event/granted/grant").and_then(Value::as_str);
                    let named = named.and_then(|id| id.parse().ok());
                    records.extend(named.map(Record::Grant));
                }
            }
            for record in records {
                let sha256 = bound.get(&record.to_string()).cloned();
                let told = Told {
                    seq: event.seq,
                    event,
                    body,
                };
                self.told.insert(record, (told, sha256));
            }
        }
    }

    /// Every row against what was told of it, and every row that was told of against those there.
    fn rows(&mut self, case: Option<&Case>, agreements: &BTreeSet<String>) -> Result<()> {
        let held = self.held;
        let mut missing: BTreeMap<Record, i64> = self
            .told
            .iter()
            .map(|(record, (told, _))| (record.clone(), told.seq))
            .collect();
        self.checked.records += u64::try_from(missing.len()).unwrap_or(u64::MAX);
        for row in &held.submissions {
            missing.remove(&row.record());
            if let Some(told) = self.expect(row)? {
                self.submission(row, told);
            }
        }
        for row in &held.attachments {
            missing.remove(&row.record());
            if let Some(told) = self.expect(row)? {
                self.attachment(row, told);
            }
        }
        for row in &held.signatures {
            missing.remove(&row.record());
            if let Some(told) = self.expect(row)? {
                self.signature(row, told, case, agreements);
            }
        }
        for row in &held.grants {
            missing.remove(&row.record());
            if let Some(told) = self.expect(row)? {
                self.grant(row, told, case);
            }
        }
        for broken in &held.broken {
            let column = broken.column.clone();
            let known = missing
                .keys()
                .find(|record| record.to_string() == broken.key);
            if let Some(record) = known.cloned() {
                let seq = missing.remove(&record).unwrap_or_default();
                let record = self.name(&record);
                self.wrong(seq, record, Wrong::Column { column });
            } else {
                let record = broken.key.clone();
                self.checked
                    .faults
                    .push(Fault::Unreadable { record, column });
            }
        }
        for (record, seq) in missing {
            let record = self.name(&record);
            self.wrong(seq, record, Wrong::Missing);
        }
        Ok(())
    }

    fn name(&self, record: &Record) -> String {
        let number = self.label.trim_start_matches("case ");
        format!("{} of {number}", record.label())
    }

    /// The event that tells of a row, if the row has the hash that it says; else notes the fault.
    fn expect<M: Hashed>(&mut self, row: &M) -> Result<Option<Told<'a>>> {
        let record = row.record();
        let name = self.name(&record);
        let Some((told, sha256)) = self.told.get(&record).cloned() else {
            self.checked.faults.push(Fault::Forged { record: name });
            return Ok(None);
        };
        match sha256 {
            None => self.checked.unhashed += 1,
            Some(sha256) if sha256 == row.sha256()? => {}
            Some(_) => {
                self.wrong(told.seq, name, Wrong::Altered);
                return Ok(None);
            }
        }
        Ok(Some(told))
    }

    /// Notes which of these does not hold.
    fn demand<const N: usize>(&mut self, seq: i64, record: &Record, parts: [(&str, bool); N]) {
        let broken: Vec<&str> = parts
            .into_iter()
            .filter(|(_, holds)| !holds)
            .map(|(part, _)| part)
            .collect();
        if !broken.is_empty() {
            let part = broken.join(", ");
            let name = self.name(record);
            self.wrong(seq, name, Wrong::Part { part });
        }
    }

    fn submission(&mut self, row: &submissions::Model, told: Told<'_>) {
        let said = revision_in(told.body, row.revision);
        self.demand(
            told.seq,
            &row.record(),
            [
                ("body", sha256(&row.body) == row.sha256),
                ("sha256", said == Some(row.sha256.as_str())),
                ("made_at", row.made_at == told.event.at),
                ("made_by", row.made_by.to_string() == told.event.actor),
            ],
        );
    }

    fn has_ended(&self) -> bool {
        let row = self.held.row.as_ref();
        row.is_some_and(|row| row.side == Side::Nobody.word())
    }

    fn attachment(&mut self, row: &attachments::Model, told: Told<'a>) {
        let id = row.id.to_string();
        let added = self
            .held
            .events
            .iter()
            .filter(|event| event.name == "attachment_added" && event.body.contains(&id))
            .find_map(|event| {
                let body: Value = serde_json::from_str(&event.body).ok()?;
                let said = body.get("event")?.clone();
                (said.get("attachment")?.as_str()? == id).then_some((event, said))
            });
        let Some((added, said)) = added else {
            let record = self.name(&row.record());
            self.checked.faults.push(Fault::Forged { record });
            return;
        };
        // What an event does not name is bound by the hash of its row alone.
        let named = said.get("name").and_then(Value::as_str);
        let says = |key: &str, value: &str| said.get(key).and_then(Value::as_str) == Some(value);
        let removed = told.event.name == "attachment_removed";
        self.demand(
            told.seq,
            &row.record(),
            [
                ("field", says("field", &row.field)),
                ("name", named.is_none_or(|name| name == row.name)),
                ("sha256", says("sha256", &row.sha256)),
                (
                    "size",
                    said.get("size").and_then(Value::as_i64) == Some(row.size),
                ),
                ("added_at", row.added_at == added.at),
                ("added_by", row.added_by.to_string() == added.actor),
                (
                    "removed_at",
                    row.removed_at == removed.then_some(told.event.at),
                ),
            ],
        );
        let handed_in = self
            .held
            .submissions
            .iter()
            .any(|one| one.body.contains(&id));
        self.checked.files.push(File {
            seq: added.seq,
            id: row.id,
            storage_key: row.storage_key.clone(),
            size: row.size,
            sha256: row.sha256.clone(),
            may_go: !handed_in && (row.removed_at.is_some() || self.has_ended()),
        });
    }

    fn signature(
        &mut self,
        row: &signatures::Model,
        told: Told<'_>,
        case: Option<&Case>,
        agreements: &BTreeSet<String>,
    ) {
        let payload: Value = serde_json::from_str(&row.payload).unwrap_or(Value::Null);
        let says = |key: &str, value: &str| payload.get(key).and_then(Value::as_str) == Some(value);
        let number = |key: &str| payload.get(key).and_then(Value::as_i64);
        let document = row.document_sha256.as_str();
        let earlier = self.held.events.iter();
        let mut earlier = earlier.take_while(|event| event.seq < told.seq);
        let of_trail = earlier.any(|event| event.hash == document)
            || self
                .held
                .submissions
                .iter()
                .any(|one| one.sha256 == document);
        let own = |key: &String| self.signers.has(row.person_id, key, told.seq);
        if !holds(row) || !row.public_key.as_ref().is_none_or(own) {
            let record = self.name(&row.record());
            self.wrong(told.seq, record, Wrong::ForgedSignature);
            return;
        }
        let app = case.is_none_or(|case| says("app", &case.app.to_string()));
        let of_case = case.is_none_or(|case| number("number") == Some(i64::from(case.number.0)));
        let version = number("case_version");
        self.demand(
            told.seq,
            &row.record(),
            [
                ("app", app),
                ("number", of_case),
                (
                    "case_version",
                    version.is_some() && version < told.event.case_version,
                ),
                ("signed_at", is_timely(row, told.event.at)),
                ("signer", row.person_id.to_string() == told.event.actor),
                ("document", of_trail || agreements.contains(document)),
            ],
        );
    }

    fn grant(&mut self, row: &grants::Model, told: Told<'_>, case: Option<&Case>) {
        let Some(case) = case else { return };
        let Some(grant) = case.grant.as_ref().filter(|grant| grant.id.0 == row.id) else {
            return;
        };
        let cap = grant.cap.map(i64::from);
        let status = serde_json::to_value(grant.status).unwrap_or(Value::Null);
        self.demand(
            told.seq,
            &row.record(),
            [
                ("app_id", row.app_id == case.app.0),
                ("level", row.level == case.level.word()),
                ("cap", row.cap.map(i64::from) == cap),
                ("status", status.as_str() == Some(row.status.as_str())),
                ("starts_at", row.starts_at == grant.approved.at.micros()),
                ("changed_at", row.changed_at == told.event.at),
                (
                    "cap_since_at",
                    row.cap_since_at == grant.cap_since.map(Timestamp::micros),
                ),
            ],
        );
    }
}

/// Whether the moment of a signature is that of its event; one that a passkey gave is of when it was
/// asked, for that moment is signed with it.
fn is_timely(row: &signatures::Model, at: i64) -> bool {
    let since = Timestamp::from_micros(at).since(Timestamp::from_micros(row.signed_at));
    match row.public_key {
        Some(_) => (Duration::ZERO..=TO_ANSWER).contains(&since),
        None => since.is_zero(),
    }
}

fn recorded(event: &Event, told: &Value) -> Option<Recorded> {
    Some(Recorded {
        at: Timestamp::from_micros(event.at),
        by: match event.actor.as_str() {
            "clock" => Actor::Clock,
            person => Actor::Person(PersonId(person.parse::<Uuid>().ok()?)),
        },
        event: serde_json::from_value(told.clone()).ok()?,
    })
}

/// The hash that an event gives for a revision, however deep it names it.
fn revision_in(body: &Value, revision: i32) -> Option<&str> {
    match body {
        Value::Object(map) => {
            if map.get("revision").and_then(Value::as_i64) == Some(i64::from(revision)) {
                return map.get("sha256")?.as_str();
            }
            map.values().find_map(|value| revision_in(value, revision))
        }
        _ => None,
    }
}

/// Whether a stored document is this case, written by this or an older version of the program: an
/// older one lacks what has a default, and may have its fields in another order.
fn is_document_of(case: &Case, document: &str) -> Result<bool> {
    if serde_json::to_string(case)? == document {
        return Ok(true);
    }
    let Ok(read) = serde_json::from_str::<Case>(document) else {
        return Ok(false);
    };
    let raw: Value = serde_json::from_str(document)?;
    let whole = serde_json::to_value(&read)?;
    Ok(read == *case
        // Nothing stands between the words of a document, and nothing in it that is not read.
        && serde_json::to_string(&raw)?.len() == document.len()
        && is_part_of(&raw, &whole))
}

fn is_part_of(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => part
            .iter()
            .all(|(key, value)| whole.get(key).is_some_and(|other| is_part_of(value, other))),
        (Value::Array(part), Value::Array(whole)) => {
            part.len() == whole.len() && part.iter().zip(whole).all(|(a, b)| is_part_of(a, b))
        }
        _ => part == whole,
    }
}

/// The columns in which two rows differ.
fn differing(one: &Map<String, Value>, other: &Map<String, Value>) -> BTreeSet<String> {
    one.iter()
        .filter(|(column, value)| other.get(*column) != Some(value))
        .map(|(column, _)| column.clone())
        .collect()
}
