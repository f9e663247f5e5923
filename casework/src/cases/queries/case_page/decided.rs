//! What was decided about the case and its grant: who, when, why, and under which signature.

use super::CasePage;
use crate::{
    Desk, Result,
    audit::{Reader, body, people_in, sentence},
    entities::{audit_events, signatures},
    signatures::{holds, how},
    store::Stored,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use uuid::Uuid;
use workflow::{Event, PersonId, Timestamp};

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    pub at: Timestamp,
    /// Who decided; `Upgrade Desk` where its clock let the case lapse.
    pub who: String,
    /// As a sentence: "Declined the application: …".
    pub what: String,
    /// The reason, explanation or note, as typed; empty for none.
    pub text: String,
    /// None where the step is not signed.
    pub signature: Option<SignatureLine>,
}

/// A signature with everything that makes it one (21 CFR 11.50).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLine {
    pub name: String,
    pub capacity: String,
    /// "by password", "by passkey".
    pub how: &'static str,
    pub meaning: String,
    pub at: Timestamp,
    /// SHA-256 of the signature, in lower-case hexadecimal.
    pub sha256: String,
    /// Whether it still fits what it was given for.
    pub holds: bool,
}

/// The names of the events that decide something, in the trail, with the appeal that asks for it.
const DECISIONS: [&str; 10] = [
    "approved",
    "declined",
    "withdrawn",
    "lapsed",
    "appealed",
    "appeal_answered",
    "reopened",
    "grant_suspended",
    "grant_reinstated",
    "grant_revoked",
];

/// A decision as read.
pub(super) struct Raw {
    row: audit_events::Model,
    body: Value,
    /// None where it cannot be read.
    event: Option<Event>,
    signature: Option<signatures::Model>,
}

impl Raw {
    /// What the developer wrote, where it is an appeal.
    pub fn appeal(&self) -> Option<&str> {
        match &self.event {
            Some(Event::Appealed { text }) => Some(text),
            _ => None,
        }
    }

    /// Who did it, if a person did, and whom it names.
    pub fn people(&self) -> impl Iterator<Item = Uuid> {
        let actor: Option<Uuid> = self.row.actor.parse().ok();
        actor
            .into_iter()
            .chain(people_in(&self.row.name, &self.body))
    }
}

/// Whether an event of this name decides.
pub(crate) fn is_decision(name: &str) -> bool {
    DECISIONS.contains(&name)
}

/// The decisions of a case, oldest first.
pub(super) async fn read(desk: &Desk, stored: &Stored) -> Result<Vec<Raw>> {
    let reading = desk.database.read();
    let rows = audit_events::Entity::find()
        .filter(audit_events::Column::CaseId.eq(stored.row.id))
        .filter(audit_events::Column::Name.is_in(DECISIONS))
        .order_by_asc(audit_events::Column::Seq)
        .all(reading)
        .await?;
    let mut signed = Vec::new();
    if !rows.is_empty() {
        signed = signatures::Entity::find()
            .filter(signatures::Column::CaseId.eq(stored.row.id))
            .all(reading)
            .await?;
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let body = body::read(desk, row.seq, true, &row.name, &row.body);
            let event = body::event_in(&row.name, &body);
            let named = event.as_ref().and_then(Event::signature);
            let signature = signed
                .iter()
                .find(|signature| named.is_some_and(|id| id.0 == signature.id));
            Raw {
                signature: signature.cloned(),
                row,
                body,
                event,
            }
        })
        .collect())
}

/// The decisions in words.
pub(super) fn tell(page: &CasePage, raw: Vec<Raw>) -> Vec<Decided> {
    raw.into_iter()
        .filter_map(|raw| {
            let what = sentence(&raw.row.name, &raw.body, &page.names, Reader::Staff)?;
            let actor: Option<Uuid> = raw.row.actor.parse().ok();
            Some(Decided {
                at: Timestamp::from_micros(raw.row.at),
                who: actor.map_or_else(
                    || "Upgrade Desk".to_owned(),
                    |person| page.name(PersonId(person)),
                ),
                what: super::history::capital(&what),
                text: raw
                    .event
                    .as_ref()
                    .and_then(Event::reason)
                    .unwrap_or_default()
                    .to_owned(),
                signature: raw.signature.map(|row| SignatureLine {
                    holds: holds(&row),
                    at: Timestamp::from_micros(row.signed_at),
                    sha256: row.payload_sha256,
                    name: row.signer_name,
                    how: how(row.method.as_ref()),
                    capacity: row.capacity,
                    meaning: row.meaning,
                }),
            })
        })
        .collect()
}
