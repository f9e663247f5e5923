//! Which events bind what is kept of the pages that approvals stand by.

use super::records::{Hashed, Record, columns};
use crate::{
    Result,
    entities::{page_changes, page_texts, watched_pages},
};
use serde_json::Value;
use trail::record::row_sha256;
use uuid::Uuid;

/// What the trail binds of a page that is watched: not when it is read next, and not how that went.
const BOUND: [&str; 6] = ["id", "app_id", "case_id", "field", "address", "known_id"];

/// The rows that an event about pages touches; none where it is about something else.
pub(super) fn touched(name: &str, body: &Value) -> Option<Vec<Record>> {
    if !binds(name) {
        return None;
    }
    let id = |value: &Value| value.as_str().and_then(|text| text.parse::<Uuid>().ok());
    let at = |key: &str| body.get(key).and_then(id);
    let watched = body.get("watched").and_then(Value::as_array);
    let watched = watched.into_iter().flatten().filter_map(id);
    let mut records: Vec<Record> = watched.map(Record::WatchedPage).collect();
    records.extend(at("page").map(Record::WatchedPage));
    records.extend(at("text").map(Record::PageText));
    records.extend(at("change").map(Record::PageChange));
    Some(records)
}

/// Whether events of this name bind rows of pages.
fn binds(name: &str) -> bool {
    matches!(
        name,
        "watch_begun"
            | "page_read"
            | "page_changed"
            | "page_change_undone"
            | "page_cleared"
            | "page_questioned"
    )
}

/// Whether an event of pages is from before their rows were bound.
pub(crate) fn is_older(name: &str, body: &Value) -> bool {
    binds(name) && body.get("watched").is_none() && body.get("page").is_none()
}

impl Hashed for watched_pages::Model {
    const TABLE: &'static str = "watched_pages";
    fn record(&self) -> Record {
        Record::WatchedPage(self.id)
    }

    fn sha256(&self) -> Result<String> {
        let mut row = columns(self);
        row.retain(|column, _| BOUND.contains(&column.as_str()));
        Ok(row_sha256(Self::TABLE, &row)?)
    }
}

impl Hashed for page_texts::Model {
    const TABLE: &'static str = "page_texts";
    fn record(&self) -> Record {
        Record::PageText(self.id)
    }
}

impl Hashed for page_changes::Model {
    const TABLE: &'static str = "page_changes";
    fn record(&self) -> Record {
        Record::PageChange(self.id)
    }
}
