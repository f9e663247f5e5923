//! Receipts of what happened to an application: for its developers, of what they did and of what was
//! decided; for staff, of every signed step.

use super::{KeyFile, Log, Looked, Trouble, publish};
use crate::{
    Caller, Desk, Error, Result,
    audit::{
        Names, Reader,
        body::{bodies, event_in},
        records::{Hashed, columns},
        sentence,
    },
    cases::sight::{self, Part},
    entities::{audit_events, signatures},
    queries::trail,
};
use ::trail::{
    Event, Fault, Hash,
    checkpoint::Checkpoint,
    note::{Note, Verifier},
    receipt::{Proof, Receipt, Row},
    tree::{Asked, inclusion},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use workflow::{CaseNumber, Timestamp};

/// What developers get receipts of: what they sent and signed themselves, and decisions.
const OF_DEVELOPERS: [&str; 10] = [
    "submitted",
    "resubmitted",
    "dla_accepted",
    "withdrawn",
    "appealed",
    "approved",
    "declined",
    "grant_suspended",
    "grant_reinstated",
    "grant_revoked",
];

/// An event of which there is a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receivable {
    pub seq: i64,
    pub at: Timestamp,
    /// `approved Limited Access`.
    pub what: String,
}

/// What the caller can have receipts of, the newest first.
///
/// # Errors
/// [`Error::NotFound`] to those who may not read the case.
pub async fn receivable(
    desk: &Desk,
    caller: &Caller,
    number: CaseNumber,
) -> Result<Vec<Receivable>> {
    let (events, reader) = events(desk, caller, number).await?;
    let bodies = bodies(desk, &events);
    let names = match reader {
        Reader::Staff => trail::names_of(desk, &events, &bodies).await?,
        Reader::Developer => Names::new(),
    };
    let told = events.iter().zip(&bodies).filter_map(|(event, body)| {
        Some(Receivable {
            seq: event.seq,
            at: Timestamp::from_micros(event.at),
            what: sentence(&event.name, body, &names, reader)?,
        })
    });
    Ok(told.collect())
}

/// The receipt of one of these: the name of its file, and the file. What has not been published yet
/// is published first.
///
/// # Errors
/// [`Error::NotFound`] where there is none for the caller.
pub async fn receipt(
    desk: &Desk,
    caller: &Caller,
    number: CaseNumber,
    seq: i64,
) -> Result<(String, String)> {
    let (events, reader) = events(desk, caller, number).await?;
    let row = events.into_iter().find(|event| event.seq == seq);
    let event: Event = row.ok_or(Error::NotFound)?.into();
    let name = format!(
        "{number}-{}-{seq}.receipt.json",
        event.name.replace('_', "-")
    );
    let rows = signed(desk, &event, reader).await?;
    let proof = prove(desk, &event).await.map_err(Trouble::into_error)?;
    let receipt = Receipt {
        event,
        rows,
        keys: desk.log.keys.read()?.verifiers(),
        proof,
    };
    Ok((name, receipt.to_text()?))
}

async fn events(
    desk: &Desk,
    caller: &Caller,
    number: CaseNumber,
) -> Result<(Vec<audit_events::Model>, Reader)> {
    let database = desk.database.read();
    let (stored, sight) = sight::read(desk, database, caller, number, Part::Outside).await?;
    let reader = match sight.has(Part::Inside) {
        true => Reader::Staff,
        false => Reader::Developer,
    };
    let mut events = audit_events::Entity::find()
        .filter(audit_events::Column::CaseId.eq(stored.case.id.0))
        .filter(audit_events::Column::Name.is_in(OF_DEVELOPERS))
        .order_by_desc(audit_events::Column::Seq)
        .all(database)
        .await?;
    if reader == Reader::Developer {
        events.retain(|event| !has_internal(event));
    }
    Ok((events, reader))
}

/// Whether an event says what only our side reads, as the note beside an approval. A receipt holds all
/// that was hashed, or it would prove nothing.
fn has_internal(event: &audit_events::Model) -> bool {
    let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
    event_in(&event.name, &body).is_none_or(|event| event.reason() != event.told_reason())
}

/// The rows of the signatures that an event made. To developers our side has no names: of its
/// signatures they have the hash that the event binds.
async fn signed(desk: &Desk, event: &Event, reader: Reader) -> Result<Vec<Row>> {
    let body: Value = serde_json::from_str(&event.body)?;
    let Some(id) = crate::audit::signature_of(event, &body) else {
        return Ok(Vec::new());
    };
    let row = signatures::Entity::find_by_id(id)
        .one(desk.database.read())
        .await?;
    let is_theirs = event.name == "dla_accepted";
    let shown = row.filter(|_| reader == Reader::Staff || is_theirs);
    Ok(shown
        .iter()
        .map(|row| Row {
            record: row.record().to_string(),
            row: columns(row),
        })
        .collect())
}

/// The proof that an event is in the log, published up to it at least.
async fn prove(desk: &Desk, event: &Event) -> Looked<Proof> {
    let index = u64::try_from(event.seq - 1).unwrap_or(u64::MAX);
    let keys = desk.log.keys.verifiers()?;
    let newest = desk.log.published.newest(&keys).await?;
    let newest = match newest.filter(|(_, newest)| newest.size > index) {
        Some(newest) => Some(newest),
        None => publish(desk).await?,
    };
    let (note, checkpoint) = newest.ok_or_else(|| Trouble::Error(Error::NotFound))?;
    let hashes = places(&desk.log, &[index], &checkpoint).await?;
    Ok(Proof {
        index,
        hashes: hashes.into_iter().flatten().collect(),
        checkpoint: note,
    })
}

/// The proofs of some places in the tree of a checkpoint.
async fn places(log: &Log, places: &[u64], of: &Checkpoint) -> Looked<Vec<Vec<Hash>>> {
    let mut asked = Asked::default();
    for index in places {
        inclusion(&mut asked, *index, of.size);
    }
    let mut tiles = log.published.tiles(&asked, of.size).await?;
    let proofs = places
        .iter()
        .map(|index| inclusion(&mut tiles, *index, of.size));
    proofs.collect::<Option<_>>().ok_or_else(|| {
        Trouble::Fault(Fault::Damaged {
            file: log.published.file("tile"),
        })
    })
}

/// What proves events of one export: a checkpoint, and the tree below it.
pub(crate) struct Proofs {
    log: Log,
    note: Note,
    checkpoint: Checkpoint,
    keys: Vec<Verifier>,
}

impl Proofs {
    /// By a checkpoint.
    pub fn of(desk: &Desk, note: Note, checkpoint: Checkpoint) -> Result<Self> {
        Ok(Self {
            log: desk.log.clone(),
            keys: desk.log.keys.read()?.verifiers(),
            note,
            checkpoint,
        })
    }

    /// Events that the checkpoint covers.
    pub const fn size(&self) -> u64 {
        self.checkpoint.size
    }

    /// The checkpoint, signed.
    pub const fn checkpoint(&self) -> &Note {
        &self.note
    }

    /// The public keys, one on each line.
    pub fn keys(&self) -> String {
        self.keys.iter().map(|key| format!("{key}\n")).collect()
    }

    /// The keys that sign at this moment.
    pub fn signing(&self) -> Result<KeyFile> {
        self.log.keys.read()
    }

    /// The proofs of some places.
    pub async fn places(&self, indices: &[u64]) -> Result<Vec<Vec<Hash>>> {
        let proofs = places(&self.log, indices, &self.checkpoint).await;
        proofs.map_err(Trouble::into_error)
    }
}
