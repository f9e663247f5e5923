//! What happened to the case, newest first, in words.

use super::CasePage;
use crate::{
    Desk, Result,
    audit::{Reader, body, people_in, sentence},
    entities::audit_events,
    store::Stored,
};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use uuid::Uuid;
use workflow::{Event, PersonId, Timestamp};

/// How many events one part of the history has.
const PART: u64 = 40;

/// What developers do with files before they hand them in.
const GATHERED: [&str; 2] = ["attachment_added", "attachment_removed"];

/// A part of the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    pub entries: Vec<Entry>,
    /// Where the next, older part begins, if there is one.
    pub older: Option<i64>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub at: Timestamp,
    /// The name of who did it; empty for the desk itself.
    pub who: String,
    /// As a sentence of its own: "Requested clarification".
    pub what: String,
    /// What belongs to it: reason, questions, evidence; empty for nothing.
    pub detail: String,
    /// The name of the event.
    pub name: String,
    /// The review with which it was published.
    pub review: Option<Uuid>,
    /// Somebody else did it since the reader last looked.
    pub is_new: bool,
}

/// An event as read.
#[derive(Clone, Debug)]
pub(super) struct Raw {
    seq: i64,
    at: i64,
    actor: String,
    name: String,
    body: Value,
}

#[derive(FromQueryResult)]
struct Row {
    seq: i64,
    at: i64,
    actor: String,
    name: String,
    body: String,
}

impl Raw {
    /// Its place in the trail.
    pub const fn seq(&self) -> i64 {
        self.seq
    }

    /// What happened, as the trail calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Who did it, if a person did, and whom it names.
    pub fn people(&self) -> impl Iterator<Item = Uuid> {
        let actor: Option<Uuid> = self.actor.parse().ok();
        actor.into_iter().chain(people_in(&self.name, &self.body))
    }
}

/// Whether what was read, from the newest event on, is the whole history.
pub(super) fn is_whole(before: Option<i64>, raw: &[Raw]) -> bool {
    before.is_none() && u64::try_from(raw.len()).is_ok_and(|count| count <= PART)
}

/// A part of the trail, and one event more if there is an older part.
pub(super) async fn read(desk: &Desk, stored: &Stored, before: Option<i64>) -> Result<Vec<Raw>> {
    use audit_events::Column as C;
    let mut query = audit_events::Entity::find()
        .select_only()
        .columns([C::Seq, C::At, C::Actor, C::Name, C::Body])
        .filter(C::CaseId.eq(stored.row.id))
        // What happened before it was handed in is the developer's own business.
        .filter(C::Name.ne("draft_edited"))
        .order_by_desc(C::Seq)
        .limit(PART + 1);
    if let Some(before) = before {
        query = query.filter(C::Seq.lt(before));
    }
    let rows = query.into_model::<Row>().all(desk.database.read()).await?;
    Ok(rows
        .into_iter()
        .map(|row| Raw {
            body: body::read(desk, row.seq, true, &row.name, &row.body),
            seq: row.seq,
            at: row.at,
            actor: row.actor,
            name: row.name,
        })
        .collect())
}

/// The events in words.
pub(super) fn tell(page: &CasePage, mut raw: Vec<Raw>) -> History {
    let part = usize::try_from(PART).unwrap_or(usize::MAX);
    let has_older = raw.len() > part;
    raw.truncate(part);
    let older = raw.last().filter(|_| has_older).map(|last| last.seq);
    // What is attached beside an answer that is being written is its developer's until it is sent.
    let sent_at = page.sent.as_ref().map_or(i64::MIN, |sent| sent.at.micros());
    let is_sent = |raw: &Raw| !GATHERED.contains(&raw.name.as_str()) || raw.at <= sent_at;
    let entries = raw
        .into_iter()
        .filter(is_sent)
        .filter_map(|raw| {
            let what = sentence(&raw.name, &raw.body, &page.names, Reader::Staff)?;
            let actor: Option<Uuid> = raw.actor.parse().ok();
            let at = Timestamp::from_micros(raw.at);
            Some(Entry {
                at,
                is_new: page.since.is_new(at, actor.map(PersonId)),
                who: actor
                    .map(|person| page.name(PersonId(person)))
                    .unwrap_or_default(),
                what: capital(&what),
                detail: body::event_in(&raw.name, &raw.body)
                    .map(|event| detail(page, &event))
                    .unwrap_or_default(),
                review: review_of(&raw.body),
                name: raw.name,
            })
        })
        .collect();
    History { entries, older }
}

/// The review that an event was published with.
fn review_of(body: &Value) -> Option<Uuid> {
    body.pointer("/review/id")?.as_str()?.parse().ok()
}

pub(super) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

/// What was said with it, as typed.
fn detail(page: &CasePage, event: &Event) -> String {
    let lines = |lines: Vec<String>| lines.join("\n");
    match event {
        Event::ClarificationRequested { questions, .. } => lines(
            questions
                .iter()
                .map(|question| format!("{}: {}", page.pin_label(&question.pin), question.text))
                .collect(),
        ),
        Event::ClarificationAnswered { answers, .. } => {
            lines(answers.iter().map(|answer| answer.text.clone()).collect())
        }
        Event::Resubmitted { responses, .. } => {
            lines(responses.iter().map(|said| said.text.clone()).collect())
        }
        Event::FindingRecorded { finding } => finding.text.to_string(),
        other => other.reason().unwrap_or_default().to_owned(),
    }
}
