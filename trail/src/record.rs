//! Rows beside the trail, bound into it: the event that makes or changes a row carries the row's
//! hash in its body, under `records`.

use crate::json::{Unwritable, canonical};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The key of a body under which an event names the rows it made or changed.
pub const RECORDS: &str = "records";

/// A row as an event left it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Bound {
    /// `signatures/0193…`: the table and the primary key.
    pub record: String,
    /// The hash of the row; see [`row_sha256`].
    pub sha256: String,
}

/// SHA-256 over canonical JSON of a table's name and a row's columns, in lower-case hexadecimal.
/// Columns without a value are left out, so that a column added later changes no hash before it
/// is filled.
///
/// # Errors
/// None for values that came from JSON.
pub fn row_sha256(table: &str, row: &Map<String, Value>) -> Result<String, Unwritable> {
    let row: Map<String, Value> = row
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(column, value)| (column.clone(), value.clone()))
        .collect();
    let text = canonical(&json!({ "table": table, "row": row }))?;
    Ok(crate::sha256(text))
}

/// Writes what an event binds into its body.
pub fn write(body: &mut Value, bound: &[Bound]) {
    if bound.is_empty() {
        return;
    }
    if let Some(body) = body.as_object_mut() {
        let records = bound
            .iter()
            .map(|one| json!({ "record": one.record, "sha256": one.sha256 }))
            .collect();
        body.insert(RECORDS.to_owned(), Value::Array(records));
    }
}

/// What an event binds, by its body; nothing in events from before rows were bound.
pub fn read(body: &Value) -> Vec<Bound> {
    body.get(RECORDS)
        .and_then(|records| Vec::deserialize(records).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let bound = vec![
            Bound {
                record: "grants/1".to_owned(),
                sha256: "aa".to_owned(),
            },
            Bound {
                record: "signatures/2".to_owned(),
                sha256: "bb".to_owned(),
            },
        ];
        let mut body = json!({ "event": { "event": "approved" } });
        write(&mut body, &bound);
        assert_eq!(body["event"]["event"], "approved");
        assert_eq!(read(&body), bound);
    }

    #[test]
    fn an_event_that_binds_nothing_says_nothing_of_it() {
        let mut body = json!({ "a": 1 });
        write(&mut body, &[]);
        assert_eq!(body, json!({ "a": 1 }));
        assert_eq!(read(&body), Vec::new());
    }

    #[test]
    fn the_hash_is_over_table_and_columns() {
        let one = row_sha256("grants", &row(json!({ "id": "7", "cap": 20 }))).unwrap();
        assert_eq!(
            one,
            crate::sha256(r#"{"row":{"cap":20,"id":"7"},"table":"grants"}"#)
        );
        let other = row_sha256("signatures", &row(json!({ "id": "7", "cap": 20 }))).unwrap();
        assert_ne!(one, other);
        let other = row_sha256("grants", &row(json!({ "id": "7", "cap": 21 }))).unwrap();
        assert_ne!(one, other);
    }

    #[test]
    fn a_column_without_a_value_changes_no_hash_and_one_with_a_value_does() {
        let before = row_sha256("grants", &row(json!({ "id": "7" }))).unwrap();
        let empty = row_sha256("grants", &row(json!({ "id": "7", "cap": null }))).unwrap();
        let filled = row_sha256("grants", &row(json!({ "id": "7", "cap": 0 }))).unwrap();
        assert_eq!(before, empty);
        assert_ne!(before, filled);
    }
}
