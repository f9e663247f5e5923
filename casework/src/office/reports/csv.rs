//! The trail as CSV, for people and for machines.
//!
//! People read the columns from `seq` to `hash` and those of the signature; what a spreadsheet would
//! take for a formula has an apostrophe before it. Machines read `leaf`: the text that was hashed,
//! whole and as it was. `hash` is SHA-256 over a zero byte and `leaf`, and every `prev_hash` is the
//! `hash` of the event before, so that the chain can be computed anew without us. A leaf is a JSON
//! object, which no spreadsheet takes for a formula. An event whose body cannot be read says so in
//! `sentence`, and its row has all that was hashed like any other.

use super::export::in_words;
use crate::{
    Error, Result,
    audit::{Names, signature_of},
    entities::audit_events,
    queries::trail,
    signatures::how,
    words::count,
};
use ::trail::Event;
use paper::Head;
use sea_orm::FromQueryResult;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::Timestamp;

/// The columns, in order.
pub const COLUMNS: [&str; 26] = [
    "seq",
    "id",
    "at",
    "actor_id",
    "actor",
    "subject",
    "subject_id",
    "case_id",
    "case_version",
    "name",
    "sentence",
    "reason",
    "before",
    "after",
    "body",
    "policy_version",
    "build",
    "prev_hash",
    "hash",
    "signed_by",
    "signed_as",
    "signature_meaning",
    "signed_at",
    "signature_sha256",
    "signed_how",
    "leaf",
];

/// A cell that no spreadsheet takes for a formula; full-width signs count, which some read as the
/// others.
pub fn neutral(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// The line with the names of the columns.
pub(super) fn head_line() -> Result<Vec<u8>> {
    lines(&[COLUMNS.map(str::to_owned)])
}

/// What was signed with an event, of a case or of a partnership: the columns that both tables have.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Signature {
    pub id: Uuid,
    pub signer_name: String,
    pub capacity: String,
    pub meaning: String,
    pub signed_at: i64,
    pub payload_sha256: String,
    pub method: Option<String>,
}

/// The lines of some events, with the signatures that they name.
pub(super) fn event_lines(
    events: Vec<audit_events::Model>,
    bodies: &[Value],
    names: &Names,
    signatures: &BTreeMap<Uuid, Signature>,
) -> Result<Vec<u8>> {
    let mut rows = Vec::with_capacity(events.len());
    for (event, body) in events.into_iter().zip(bodies) {
        let event = Event::from(event);
        let part = |key: &str| {
            body.get(key)
                .filter(|value| !value.is_null())
                .map_or_else(String::new, ToString::to_string)
        };
        let optional = |number: Option<i64>| number.map_or_else(String::new, |n| n.to_string());
        let signature = signature_of(&event, body).and_then(|id| signatures.get(&id));
        let signed = |what: fn(&Signature) -> String| signature.map_or_else(String::new, what);
        let leaf = String::from_utf8(event.leaf()?).map_err(Error::unavailable)?;
        rows.push([
            event.seq.to_string(),
            event.id.to_string(),
            Timestamp::from_micros(event.at).to_string(),
            event.actor.clone(),
            trail::who(names, &event.actor),
            event.subject,
            event.subject_id,
            event.case_id.map_or_else(String::new, |id| id.to_string()),
            optional(event.case_version),
            event.name.clone(),
            in_words(event.seq, &event.name, body, names),
            event.reason,
            part("before"),
            part("after"),
            event.body,
            event.policy_version.to_string(),
            event.build,
            event.prev_hash,
            event.hash,
            signed(|row| row.signer_name.clone()),
            signed(|row| row.capacity.clone()),
            signed(|row| row.meaning.clone()),
            signed(|row| Timestamp::from_micros(row.signed_at).to_string()),
            signed(|row| row.payload_sha256.clone()),
            signed(|row| how(row.method.as_ref()).to_owned()),
            leaf,
        ]);
    }
    lines(&rows)
}

/// The last line: where the chain ended, and how much of it this is.
pub(super) fn chain_head_line(
    head: &Head,
    exported_at: Timestamp,
    held: u64,
    total: u64,
) -> Result<Vec<u8>> {
    let mut cells: [String; COLUMNS.len()] = Default::default();
    let texts = [
        (0, head.seq.to_string()),
        (2, exported_at.to_string()),
        (9, "chain_head".to_owned()),
        (
            10,
            format!(
                "{held} of {}; the trail ended with event {}",
                count(total, "event"),
                head.seq
            ),
        ),
        (18, head.hash.clone()),
    ];
    for (index, text) in texts {
        if let Some(cell) = cells.get_mut(index) {
            *cell = text;
        }
    }
    lines(&[cells])
}

fn lines(rows: &[[String; COLUMNS.len()]]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(row.iter().map(|cell| neutral(cell)))
            .map_err(Error::unavailable)?;
    }
    writer
        .into_inner()
        .map_err(|error| Error::unavailable(error.into_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_text() {
        assert_eq!(neutral("=1+1"), "'=1+1");
        assert_eq!(neutral("@SUM"), "'@SUM");
        assert_eq!(neutral("-2"), "'-2");
        assert_eq!(neutral("＝1+1"), "'＝1+1");
        assert_eq!(neutral("\n=1"), "'\n=1");
        assert_eq!(neutral("a=b"), "a=b");
    }
}
