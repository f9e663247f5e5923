//! Appending to the trail.

use super::bind;
use crate::{
    Result,
    entities::{audit_events, audit_heads},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde_json::Value;
use trail::{Draft, Event, Head, canonical};
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
    /// A support request.
    Request(Uuid),
    /// The desk itself: agreements, templates, settings, mail.
    Desk,
}

impl Subject {
    const fn word(self) -> &'static str {
        match self {
            Self::Case { .. } => "case",
            Self::Person(_) => "person",
            Self::App(_) => "app",
            Self::Request(_) => "request",
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

/// The version of this program, noted in every event (21 CFR 11.10(k)).
pub const BUILD: &str = env!("CARGO_PKG_VERSION");

/// Rows of one INSERT: databases limit its parameters.
const ROWS_AT_ONCE: usize = 1_000;

/// The row of `audit_heads`.
const HEAD: i32 = 1;

/// Appends events in order, each with the hashes of the rows that it made or changed (`bind`). The
/// head of the chain is locked until the transaction ends, so call this last: events of all
/// instances get one gapless sequence.
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
    mut entries: Vec<(Timestamp, Entry)>,
) -> Result<()> {
    bind::bind(transaction, entries.iter_mut().map(|(_, entry)| entry)).await?;
    let row = audit_heads::Entity::find_by_id(HEAD)
        .lock_exclusive()
        .one(transaction)
        .await?;
    let is_new = row.is_none();
    let mut head = row.map_or_else(Head::genesis, Head::from);
    let mut rows = Vec::with_capacity(entries.len());
    for (at, entry) in entries {
        let event = head.link(draft(entry, at, policy_version)?)?;
        rows.push(audit_events::ActiveModel::from(audit_events::Model::from(event)).reset_all());
    }
    for rows in rows.chunks(ROWS_AT_ONCE) {
        audit_events::Entity::insert_many(rows.to_vec())
            .exec_without_returning(transaction)
            .await?;
    }
    let head = audit_heads::ActiveModel {
        id: Set(HEAD),
        seq: Set(head.seq),
        hash: Set(head.hash),
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

fn draft(entry: Entry, at: Timestamp, policy_version: i32) -> Result<Draft> {
    let (subject_id, case_id, case_version) = match entry.subject {
        Subject::Case { id, version } => (
            id.to_string(),
            Some(id),
            Some(i64::try_from(version).unwrap_or(i64::MAX)),
        ),
        Subject::Person(id) | Subject::App(id) | Subject::Request(id) => {
            (id.to_string(), None, None)
        }
        Subject::Desk => (String::new(), None, None),
    };
    Ok(Draft {
        id: Uuid::now_v7(),
        at: at.micros(),
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
        policy_version,
        build: BUILD.to_owned(),
    })
}

impl From<Event> for audit_events::Model {
    fn from(event: Event) -> Self {
        Self {
            seq: event.seq,
            id: event.id,
            at: event.at,
            actor: event.actor,
            subject: event.subject,
            subject_id: event.subject_id,
            case_id: event.case_id,
            case_version: event.case_version,
            name: event.name,
            body: event.body,
            reason: event.reason,
            policy_version: event.policy_version,
            build: event.build,
            prev_hash: event.prev_hash,
            hash: event.hash,
        }
    }
}

impl From<audit_events::Model> for Event {
    fn from(row: audit_events::Model) -> Self {
        Self {
            seq: row.seq,
            id: row.id,
            at: row.at,
            actor: row.actor,
            subject: row.subject,
            subject_id: row.subject_id,
            case_id: row.case_id,
            case_version: row.case_version,
            name: row.name,
            body: row.body,
            reason: row.reason,
            policy_version: row.policy_version,
            build: row.build,
            prev_hash: row.prev_hash,
            hash: row.hash,
        }
    }
}

impl From<audit_heads::Model> for Head {
    fn from(row: audit_heads::Model) -> Self {
        Self {
            seq: row.seq,
            hash: row.hash,
        }
    }
}

/// The end of the chain as recorded, without locking; none before the first event.
pub(crate) async fn head(connection: &impl ConnectionTrait) -> Result<Option<Head>> {
    let row = audit_heads::Entity::find_by_id(HEAD)
        .one(connection)
        .await?;
    Ok(row.map(Head::from))
}
