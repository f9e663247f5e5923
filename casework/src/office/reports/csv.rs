//! The trail as CSV: every column of every row, so that the chain can be computed anew without us.

use super::data::Head;
use crate::{
    Error, Result,
    audit::{Names, Reader, sentence},
    entities::audit_events,
    queries::trail,
};
use serde_json::Value;
use workflow::Timestamp;

/// The columns, in order.
pub const COLUMNS: [&str; 19] = [
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
];

/// A cell that no spreadsheet takes for a formula.
pub fn neutral(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// The line with the names of the columns.
pub(super) fn head_line() -> Result<Vec<u8>> {
    lines(&[COLUMNS.map(str::to_owned)])
}

/// The lines of some events.
pub(super) fn event_lines(events: &[audit_events::Model], names: &Names) -> Result<Vec<u8>> {
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        let body: Value = serde_json::from_str(&event.body)?;
        let part = |key: &str| {
            body.get(key)
                .filter(|value| !value.is_null())
                .map_or_else(String::new, ToString::to_string)
        };
        let optional = |number: Option<i64>| number.map_or_else(String::new, |n| n.to_string());
        rows.push([
            event.seq.to_string(),
            event.id.to_string(),
            Timestamp::from_micros(event.at).to_string(),
            event.actor.clone(),
            trail::who(names, &event.actor),
            event.subject.clone(),
            event.subject_id.clone(),
            event.case_id.map_or_else(String::new, |id| id.to_string()),
            optional(event.case_version),
            event.name.clone(),
            sentence(&event.name, &body, names, Reader::Staff).unwrap_or_default(),
            event.reason.clone(),
            part("before"),
            part("after"),
            event.body.clone(),
            event.policy_version.to_string(),
            event.build.clone(),
            event.prev_hash.clone(),
            event.hash.clone(),
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
                "{held} of {total} events; the trail ended with event {}",
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
        assert_eq!(neutral("a=b"), "a=b");
    }
}
