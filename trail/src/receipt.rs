//! A receipt: one event with the proof that it is in the log, and the rows that it made. It proves
//! itself to somebody who has the log's public key and nothing else. The proof is in the format
//! c2sp.org/tlog-proof.

use crate::{
    Event, Hash, Unwritable,
    checkpoint::Checkpoint,
    note::{BadNote, Note, Verifier},
    record::{self, Bound, row_sha256},
    sha256, signature, tree,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The first field of every receipt.
const FORMAT: &str = "upgrade-desk receipt, version 1";
/// The first line of every proof.
const PROOF: &str = "c2sp.org/tlog-proof@v1";
/// So many hashes a proof has at most: a tree of so many levels is never seen.
const MOST_HASHES: usize = 64;

/// A row beside the trail, by table and primary key, with its columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub record: String,
    pub row: Map<String, Value>,
}

impl Row {
    /// The table that it stands in.
    pub fn table(&self) -> &str {
        self.record
            .split_once('/')
            .map_or(self.record.as_str(), |(table, _)| table)
    }

    /// Its hash, as an event carries it.
    ///
    /// # Errors
    /// None for what came from JSON.
    pub fn sha256(&self) -> Result<String, Unwritable> {
        row_sha256(self.table(), &self.row)
    }

    /// What stands in a column of text; nothing where it holds none.
    pub fn text(&self, column: &str) -> &str {
        self.row
            .get(column)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Whether it is a text whose own hash is of another one.
    pub fn is_altered_text(&self) -> bool {
        matches!(self.table(), "submissions" | "agreements")
            && sha256(self.text("body")) != self.text("sha256")
    }
}

/// The proof that a leaf stands in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The place of the leaf; the number of the event less one.
    pub index: u64,
    pub hashes: Vec<Hash>,
    pub checkpoint: Note,
}

impl Proof {
    /// As c2sp.org/tlog-proof writes it.
    pub fn to_text(&self) -> String {
        let hashes: String = self
            .hashes
            .iter()
            .map(|hash| format!("{}\n", hash.to_base64()))
            .collect();
        format!(
            "{PROOF}\nindex {}\n{hashes}\n{}",
            self.index, self.checkpoint
        )
    }

    fn parse(text: &str) -> Option<Self> {
        let (head, checkpoint) = text.split_once("\n\n")?;
        let mut lines = head.lines();
        if lines.next()? != PROOF {
            return None;
        }
        let index = lines.next()?.strip_prefix("index ")?.parse().ok()?;
        let hashes: Vec<Hash> = lines.map(Hash::from_base64).collect::<Option<_>>()?;
        let proof = Self {
            index,
            hashes,
            checkpoint: Note::parse(checkpoint).ok()?,
        };
        (proof.hashes.len() <= MOST_HASHES && proof.to_text() == text).then_some(proof)
    }

    /// Opens the checkpoint with these keys, and finds the leaf in it.
    ///
    /// # Errors
    /// What is wrong.
    pub fn prove(&self, leaf: Hash, keys: &[Verifier]) -> Result<Checkpoint, Flaw> {
        let checkpoint = Checkpoint::open(&self.checkpoint, keys)?;
        let (size, root) = (checkpoint.size, checkpoint.root);
        tree::is_included(leaf, self.index, size, &self.hashes, root)
            .then_some(checkpoint)
            .ok_or(Flaw::NotIncluded)
    }
}

/// Why something does not prove itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("this is no receipt, or it has been altered")]
    Malformed,
    #[error("the checkpoint in it is not to be trusted: {0}")]
    Checkpoint(#[from] BadNote),
    #[error("the event in it is not the one that the log holds at its place: it has been altered")]
    NotIncluded,
    #[error("{0} is not what the event says: it has been altered")]
    Row(String),
    #[error("{0} is no record of this event")]
    ForeignRow(String),
    #[error("{0} is a forged signature")]
    ForgedSignature(String),
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub event: Event,
    /// Rows that the event made, the signatures among them at least.
    pub rows: Vec<Row>,
    /// The public keys of the log, as the receipt itself says.
    pub keys: Vec<Verifier>,
    pub proof: Proof,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: String,
    event: String,
    rows: Vec<Row>,
    keys: Vec<String>,
    proof: String,
}

/// What a receipt proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    pub checkpoint: Checkpoint,
    /// The public keys that signed the checkpoint.
    pub signed_by: Vec<Verifier>,
    /// Whether the keys came from elsewhere than the receipt.
    pub trusted: bool,
    /// Records that the event names and the receipt does not hold: of these it proves the hash.
    pub by_hash: Vec<Bound>,
}

impl Receipt {
    /// The bytes of its file.
    ///
    /// # Errors
    /// None for events that can be hashed.
    pub fn to_text(&self) -> Result<String, Unwritable> {
        let event = String::from_utf8_lossy(&self.event.leaf()?).into_owned();
        let mut text = serde_json::to_string_pretty(&Written {
            format: FORMAT.to_owned(),
            event,
            rows: self.rows.clone(),
            keys: self.keys.iter().map(ToString::to_string).collect(),
            proof: self.proof.to_text(),
        })?;
        text.push('\n');
        Ok(text)
    }

    /// Reads a receipt; whether it proves anything is another question.
    ///
    /// # Errors
    /// [`Flaw::Malformed`] when it is none, or not written as we write it.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let read = || {
            let written: Written = serde_json::from_str(text).ok()?;
            if written.format != FORMAT {
                return None;
            }
            let keys = written.keys.iter().map(|key| Verifier::parse(key).ok());
            let receipt = Self {
                event: Event::from_leaf(&written.event)?,
                rows: written.rows,
                keys: keys.collect::<Option<_>>()?,
                proof: Proof::parse(&written.proof)?,
            };
            (receipt.to_text().ok()? == text).then_some(receipt)
        };
        read().ok_or(Flaw::Malformed)
    }

    /// Recomputes everything: the event's hash from its bytes, its place in the tree, the signature
    /// over the tree's root, every row. Without `trusted` keys those in the receipt are taken, and
    /// what it proves is worth as much as they are.
    ///
    /// # Errors
    /// What is wrong first.
    pub fn verify(&self, trusted: Option<&[Verifier]>) -> Result<Proven, Flaw> {
        let malformed = |_: Unwritable| Flaw::Malformed;
        let keys = trusted.unwrap_or(&self.keys);
        let leaf = Hash::of_leaf(&self.event.leaf().map_err(malformed)?);
        let checkpoint = self.proof.prove(leaf, keys)?;
        if u64::try_from(self.event.seq) != Ok(self.proof.index + 1) {
            return Err(Flaw::NotIncluded);
        }
        let body: Value = serde_json::from_str(&self.event.body).map_err(|_| Flaw::Malformed)?;
        let bound = record::read(&body);
        for row in &self.rows {
            let said = bound.iter().find(|one| one.record == row.record);
            let said = said.ok_or_else(|| Flaw::ForeignRow(row.record.clone()))?;
            if row.sha256().map_err(malformed)? != said.sha256 {
                return Err(Flaw::Row(row.record.clone()));
            }
            if signature::is_forged(row) {
                return Err(Flaw::ForgedSignature(row.record.clone()));
            }
        }
        let signed_by = self.proof.checkpoint.signed_by(keys)?;
        let held = |one: &Bound| self.rows.iter().any(|row| row.record == one.record);
        Ok(Proven {
            checkpoint,
            signed_by: signed_by.into_iter().cloned().collect(),
            trusted: trusted.is_some(),
            by_hash: bound.iter().filter(|one| !held(one)).cloned().collect(),
        })
    }
}
