//! Sending: the worker that takes letters out of the outbox, makes digests, and the look at whether
//! each letter still applies. It stands above the rooms that write letters, for it asks them again.

mod applies;
mod digest;
mod worker;

pub use worker::{Pace, Worker};

use crate::{
    audit::{Entry, Subject},
    entities::outbox,
};
use serde_json::json;
use workflow::Actor;

/// What the trail says of a letter that is not sent, because it no longer applies.
fn dropped(row: &outbox::Model, why: &'static str) -> Entry {
    Entry {
        actor: Some(Actor::Clock),
        subject: row.person_id.map_or(Subject::Desk, Subject::Person),
        name: "letter_dropped",
        body: json!({
            "letter": row.id,
            "kind": row.kind,
            "case": row.case_id,
            "before": { "state": "waiting" },
            "after": { "state": "dropped" },
        }),
        reason: why.to_owned(),
    }
}
