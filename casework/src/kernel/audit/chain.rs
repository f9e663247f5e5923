//! Appending to the trail.

use crate::{
    Result,
    entities::{audit_events, audit_heads},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use workflow::{Actor, CaseId, Timestamp};

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A case, and its version after the event.
    Case {
        id: Uuid,
        version: u64,
    },
    Person(Uuid),
    App(Uuid),
    /// The desk itself: agreements, templates, settings, mail.
    Desk,
}

impl Subject {
    const fn word(self) -> &'static str {
        match self {
            Self::Case { .. } => "case",
            Self::Person(_) => "person",
            Self::App(_) => "app",
            Self::Desk => "desk",
        }
    }
}

/// An event about to be recorded.
#[derive(Clone, Debug)]
pub struct Entry {
    pub actor: Option<Actor>,
    pub subject: Subject,
    /// In the past tense, e.g. `clarification_requested`.
    pub name: &'static str,
    /// What happened with before and after, as JSON.
    pub body: Value,
    pub reason: String,
}

/// Under what an event is recorded.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    pub at: Timestamp,
    pub policy_version: i32,
}

/// The version of this program, noted in every event (21 CFR 11.10(k)).
pub const BUILD: &str = env!("CARGO_PKG_VERSION");

/// The hash before the first event.
pub(super) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Rows of one INSERT: databases limit its parameters.
const ROWS_AT_ONCE: usize = 1_000;

/// The row of `audit_heads`.
const HEAD: i32 = 1;

/// Appends events in order. The head of the chain is locked until the transaction ends, so call
/// this last: events of all instances get one gapless sequence.
///
/// # Errors
/// When the database does not answer; then the transaction must not be committed.
pub async fn append(
    transaction: &DatabaseTransaction,
    at: Timestamp,
    policy_version: i32,
    entries: Vec<Entry>,
) -> Result<()> {
    let entries = entries.into_iter().map(|entry| (at, entry)).collect();
    append_past(transaction, policy_version, entries).await
}

/// As [`append`], each event with its own moment: for histories that are written after the fact
/// (demo and benchmarks).
///
/// # Errors
/// When the database does not answer; then the transaction must not be committed.
pub async fn append_past(
    transaction: &DatabaseTransaction,
    policy_version: i32,
    entries: Vec<(Timestamp, Entry)>,
) -> Result<()> {
    let head = audit_heads::Entity::find_by_id(HEAD)
        .lock_exclusive()
        .one(transaction)
        .await?;
    let is_new = head.is_none();
    let (mut seq, mut hash) = head.map_or((0, GENESIS.to_owned()), |head| (head.seq, head.hash));
    let mut rows = Vec::with_capacity(entries.len());
    for (at, entry) in entries {
        seq += 1;
        let row = row(entry, seq, &hash, Circumstances { at, policy_version })?;
        hash.clone_from(&row.hash);
        rows.push(audit_events::ActiveModel::from(row).reset_all());
    }
    for rows in rows.chunks(ROWS_AT_ONCE) {
        audit_events::Entity::insert_many(rows.to_vec())
            .exec_without_returning(transaction)
            .await?;
    }
    let head = audit_heads::ActiveModel {
        id: Set(HEAD),
        seq: Set(seq),
        hash: Set(hash),
    };
    if is_new {
        head.insert(transaction).await?;
    } else {
        audit_heads::Entity::update(head).exec(transaction).await?;
    }
    Ok(())
}

/// Locks the end of the chain until the transaction ends: no event is appended meanwhile.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn hold(transaction: &DatabaseTransaction) -> Result<()> {
    audit_heads::Entity::find_by_id(HEAD)
        .lock_exclusive()
        .one(transaction)
        .await?;
    Ok(())
}

/// The newest event about a case. Its hash chains to all before it: who signs it has signed the
/// whole record.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Newest {
    pub seq: i64,
    pub hash: String,
}

/// The newest event about a case, of whatever kind.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn newest_of_case(
    connection: &impl ConnectionTrait,
    case: CaseId,
) -> Result<Option<Newest>> {
    use audit_events::Column as C;
    Ok(audit_events::Entity::find()
        .select_only()
        .columns([C::Seq, C::Hash])
        .filter(C::CaseId.eq(case.0))
        .order_by_desc(C::Seq)
        .into_model::<Newest>()
        .one(connection)
        .await?)
}

fn row(
    entry: Entry,
    seq: i64,
    prev_hash: &str,
    circumstances: Circumstances,
) -> Result<audit_events::Model> {
    let (subject_id, case_id, case_version) = match entry.subject {
        Subject::Case { id, version } => (
            id.to_string(),
            Some(id),
            Some(i64::try_from(version).unwrap_or(i64::MAX)),
        ),
        Subject::Person(id) | Subject::App(id) => (id.to_string(), None, None),
        Subject::Desk => (String::new(), None, None),
    };
    let mut row = audit_events::Model {
        seq,
        id: Uuid::now_v7(),
        at: circumstances.at.micros(),
        actor: match entry.actor {
            Some(Actor::Person(person)) => person.to_string(),
            Some(Actor::Clock) => "clock".to_owned(),
            None => "nobody".to_owned(),
        },
        subject: entry.subject.word().to_owned(),
        subject_id,
        case_id,
        case_version,
        name: entry.name.to_owned(),
        body: canonical(&entry.body)?,
        reason: entry.reason,
        policy_version: circumstances.policy_version,
        build: BUILD.to_owned(),
        prev_hash: prev_hash.to_owned(),
        hash: String::new(),
    };
    row.hash = leaf_hash(&row)?;
    Ok(row)
}

/// What the hash is taken over: every column of the row but the hash itself.
#[derive(Serialize)]
struct Leaf<'a> {
    actor: &'a str,
    at: Timestamp,
    body: &'a str,
    build: &'a str,
    case_id: Option<Uuid>,
    case_version: Option<i64>,
    id: Uuid,
    name: &'a str,
    policy_version: i32,
    prev_hash: &'a str,
    reason: &'a str,
    seq: i64,
    subject: &'a str,
    subject_id: &'a str,
}

/// SHA-256 over `0x00` and the canonical JSON of the row (the leaf hash of RFC 6962), in
/// lower-case hexadecimal.
pub(super) fn leaf_hash(row: &audit_events::Model) -> Result<String> {
    // The fields stand in the order of their names, which makes this text canonical.
    let text = serde_json::to_vec(&Leaf {
        actor: &row.actor,
        at: Timestamp::from_micros(row.at),
        body: &row.body,
        build: &row.build,
        case_id: row.case_id,
        case_version: row.case_version,
        id: row.id,
        name: &row.name,
        policy_version: row.policy_version,
        prev_hash: &row.prev_hash,
        reason: &row.reason,
        seq: row.seq,
        subject: &row.subject,
        subject_id: &row.subject_id,
    })?;
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(&text);
    Ok(hex::encode(hasher.finalize()))
}

/// JSON with the keys of every object sorted and no white space.
///
/// # Errors
/// None for values that came from our own types.
pub fn canonical(value: &Value) -> Result<String> {
    // `serde_json::Map` is a sorted map unless a dependency switches that off; this does not rely
    // on it.
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                let mut pairs: Vec<_> = map.iter().collect();
                pairs.sort_by_key(|(key, _)| key.as_str());
                Value::Object(
                    pairs
                        .into_iter()
                        .map(|(key, value)| (key.clone(), sorted(value)))
                        .collect(),
                )
            }
            Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
    Ok(serde_json::to_string(&sorted(value))?)
}

/// The end of the chain as recorded, without locking; none before the first event.
pub(crate) async fn head(connection: &impl ConnectionTrait) -> Result<Option<audit_heads::Model>> {
    Ok(audit_heads::Entity::find_by_id(HEAD)
        .one(connection)
        .await?)
}
