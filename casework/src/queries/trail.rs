//! The trail of one case, as people read it.

use crate::{
    Desk, Result,
    audit::{TrailEntry, sentence},
    entities::{audit_events, cases, people},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::{AppId, CaseNumber, Timestamp};

/// What happened to a case after it had the version `seen`, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn since(desk: &Desk, case: CaseNumber, seen: u64) -> Result<Vec<TrailEntry>> {
    let connection = desk.database.read();
    let number = i32::try_from(case.0).unwrap_or(i32::MAX);
    let seen = i64::try_from(seen).unwrap_or(i64::MAX);
    let case_id = cases::Entity::find()
        .select_only()
        .column(cases::Column::Id)
        .filter(cases::Column::Number.eq(number));
    let events = audit_events::Entity::find()
        .filter(audit_events::Column::CaseId.in_subquery(case_id.into_query()))
        .filter(audit_events::Column::CaseVersion.gt(seen))
        .order_by_asc(audit_events::Column::Seq)
        .all(connection)
        .await?;
    let names = names(desk, events.iter().map(|event| event.actor.as_str())).await?;
    Ok(events
        .iter()
        .map(|event| TrailEntry {
            at: Timestamp::from_micros(event.at),
            who: who(&names, &event.actor),
            what: sentence(&event.name),
        })
        .collect())
}

/// The last thing that happened to an app itself.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn last_of_app(desk: &Desk, app: AppId) -> Result<Vec<TrailEntry>> {
    let event = audit_events::Entity::find()
        .filter(audit_events::Column::Subject.eq("app"))
        .filter(audit_events::Column::SubjectId.eq(app.to_string()))
        .order_by_desc(audit_events::Column::Seq)
        .one(desk.database.read())
        .await?;
    let names = names(desk, event.iter().map(|event| event.actor.as_str())).await?;
    Ok(event
        .iter()
        .map(|event| TrailEntry {
            at: Timestamp::from_micros(event.at),
            who: who(&names, &event.actor),
            what: sentence(&event.name),
        })
        .collect())
}

/// The names of the people among `actors`.
pub(crate) async fn names(
    desk: &Desk,
    actors: impl Iterator<Item = &str>,
) -> Result<BTreeMap<Uuid, String>> {
    let mut ids: Vec<Uuid> = actors.filter_map(|actor| actor.parse().ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let people = people::Entity::find()
        .filter(people::Column::Id.is_in(ids))
        .all(desk.database.read())
        .await?;
    Ok(people.into_iter().map(|row| (row.id, row.name)).collect())
}

/// The name of an actor of the trail.
pub(crate) fn who(names: &BTreeMap<Uuid, String>, actor: &str) -> String {
    match actor {
        "clock" => "Upgrade Desk".to_owned(),
        "nobody" => "Someone not signed in".to_owned(),
        id => id
            .parse()
            .ok()
            .and_then(|id: Uuid| names.get(&id).cloned())
            .unwrap_or_else(|| "Unknown".to_owned()),
    }
}
