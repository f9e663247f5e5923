//! What was said about the changes of an app's pages, to its developer and by them. Asking anew and
//! closing take the place of what a change says of itself; the trail keeps it all.

use crate::{Result, entities::audit_events as trail};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::Timestamp;

/// What somebody did with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saying {
    /// Raised it with the developer.
    Asked,
    Answered,
    /// Saw no concern.
    Cleared,
}

/// One thing that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub saying: Saying,
    pub at: Timestamp,
    /// Who said it, as the trail names them.
    pub by: String,
    pub text: String,
}

/// Everything that was said about each change, in order.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn exchanges(
    connection: &impl ConnectionTrait,
    app: Uuid,
) -> Result<BTreeMap<Uuid, Vec<Said>>> {
    let events = trail::Entity::find()
        .filter(trail::Column::Name.is_in([
            "page_questioned",
            "page_change_answered",
            "page_cleared",
        ]))
        .filter(trail::Column::SubjectId.eq(app.to_string()))
        .order_by_asc(trail::Column::Seq)
        .all(connection)
        .await?;
    let mut exchanges: BTreeMap<Uuid, Vec<Said>> = BTreeMap::new();
    for event in events {
        let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
        let change = body.get("change").and_then(Value::as_str);
        let Some(change) = change.and_then(|change| change.parse().ok()) else {
            continue;
        };
        let saying = match event.name.as_str() {
            "page_questioned" => Saying::Asked,
            "page_change_answered" => Saying::Answered,
            _ => Saying::Cleared,
        };
        exchanges.entry(change).or_default().push(Said {
            saying,
            at: Timestamp::from_micros(event.at),
            by: event.actor,
            text: event.reason,
        });
    }
    Ok(exchanges)
}
