//! The trail of one case, as people read it.

use crate::{
    Caller, Desk, Result,
    audit::{
        Names, Reader, TrailEntry,
        body::{bodies, event_in},
        people_in, sentence,
    },
    entities::{audit_events, cases, people},
    relations::AppPeople,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::SimpleExpr,
};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow::{AppId, CaseNumber, Event, PersonId, Seen, Timestamp, transition::StepSide};

/// What happened to a case after it was `seen` so, oldest first, as `caller` may read it; all of it
/// for somebody who saw nothing.
///
/// # Errors
/// When the database does not answer.
pub async fn since(
    desk: &Desk,
    caller: Option<&Caller>,
    case: CaseNumber,
    seen: Option<Seen>,
) -> Result<Vec<TrailEntry>> {
    let connection = desk.database.read();
    let number = i32::try_from(case.0).unwrap_or(i32::MAX);
    let Some(row) = cases::Entity::find()
        .filter(cases::Column::Number.eq(number))
        .one(connection)
        .await?
    else {
        return Ok(Vec::new());
    };
    let reader = reader(desk, caller, row.app_id).await?;
    let events = audit_events::Entity::find()
        .filter(audit_events::Column::CaseId.eq(row.id))
        .filter(after(seen))
        .order_by_asc(audit_events::Column::Seq)
        .all(connection)
        .await?;
    entries(desk, &events, reader).await
}

/// The events that came after what was seen.
fn after(seen: Option<Seen>) -> SimpleExpr {
    let seen = seen.unwrap_or(Seen::version(0));
    match seen.trail {
        Some(trail) => audit_events::Column::Seq.gt(trail),
        None => {
            let version = i64::try_from(seen.version).unwrap_or(i64::MAX);
            audit_events::Column::CaseVersion.gt(version)
        }
    }
}

/// As what a person reads the trail of an app's cases: whoever is or was on the developer's side
/// reads as a developer, whatever else that person is.
pub(crate) async fn reader(desk: &Desk, caller: Option<&Caller>, app: Uuid) -> Result<Reader> {
    let Some(caller) = caller else {
        return Ok(Reader::Staff);
    };
    if !caller.is_staff() {
        return Ok(Reader::Developer);
    }
    let people = AppPeople::of(desk.database.read(), app).await?;
    Ok(if people.is_conflicted(caller.person) {
        Reader::Developer
    } else {
        Reader::Staff
    })
}

/// Events as lines of a trail; those that the reader is not to be told of are left out.
///
/// # Errors
/// When the database does not answer.
pub async fn entries(
    desk: &Desk,
    events: &[audit_events::Model],
    reader: Reader,
) -> Result<Vec<TrailEntry>> {
    entries_to(desk, events, reader, None).await
}

/// What a reader is called in what happened.
pub const YOU: &str = "You";

/// The same to somebody who is called [`YOU`] in them.
///
/// # Errors
/// When the database does not answer.
pub async fn entries_to(
    desk: &Desk,
    events: &[audit_events::Model],
    reader: Reader,
    own: Option<PersonId>,
) -> Result<Vec<TrailEntry>> {
    let bodies = bodies(desk, events);
    let mut names = names_of(desk, events, &bodies).await?;
    names.extend(own.map(|own| (own.0, YOU.to_owned())));
    Ok(events
        .iter()
        .zip(&bodies)
        .filter_map(|(event, body)| {
            Some(TrailEntry {
                at: Timestamp::from_micros(event.at),
                who: match reader {
                    Reader::Developer => who_to_developer(&names, event, body),
                    Reader::Staff => who(&names, &event.actor),
                },
                what: sentence(&event.name, body, &names, reader)?,
                why: match reader {
                    Reader::Developer => told_reason(event, body),
                    Reader::Staff => event.reason.clone(),
                },
            })
        })
        .collect())
}

/// Why, where that was written to the developer or by one.
fn told_reason(event: &audit_events::Model, body: &Value) -> String {
    let told = event_in(&event.name, body);
    let reason = told.as_ref().and_then(Event::told_reason);
    reason.unwrap_or_default().to_owned()
}

/// The names of everyone whom some events name.
pub(crate) async fn names_of(
    desk: &Desk,
    events: &[audit_events::Model],
    bodies: &[Value],
) -> Result<Names> {
    let named: Vec<String> = events
        .iter()
        .zip(bodies)
        .flat_map(|(event, body)| people_in(&event.name, body))
        .map(|person| person.to_string())
        .collect();
    let actors = events.iter().map(|event| event.actor.as_str());
    let read = desk.database.read();
    names(read, actors.chain(named.iter().map(String::as_str))).await
}

/// To a developer our side has no names. On which side somebody was is said by the record: by whose
/// step the event is, whatever the person has become since. Whose it was is not known of what cannot
/// be read.
fn who_to_developer(names: &Names, event: &audit_events::Model, body: &Value) -> String {
    let Some(told) = event_in(&event.name, body) else {
        return String::new();
    };
    let side = told.step().map(|step| step.row().side);
    match side {
        // The beginning of a case is no step.
        None | Some(StepSide::Developer) => who(names, &event.actor),
        Some(StepSide::Staff | StepSide::Clock) => "Upgrade Desk".to_owned(),
    }
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
    let events: Vec<_> = event.into_iter().collect();
    entries(desk, &events, Reader::Staff).await
}

/// The names of the people among `actors`.
pub(crate) async fn names(
    connection: &impl ConnectionTrait,
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
        .all(connection)
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
