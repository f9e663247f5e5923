//! Digital Health Partners: owners of apps with Full Access apply, a partner manager proposes, an
//! approver decides, and the clock watches that the criteria are met. What follows from dates is said
//! by [`workflow::partners`]; here are the effects.
//!
//! How a partnership stands is worked out of dated facts wherever it is asked; the column `state`
//! holds what people were last told, so that each change is told once.

pub mod commands;
mod evidence;
mod letters;
mod links;
pub mod queries;
mod signatures;
mod store;
mod watch;
mod words;

pub use links::check_links;
pub(crate) use signatures::holds as signature_holds;
pub(crate) use store::of_id as partnership_of_id;
pub(crate) use store::standing_of;
pub use store::{in_good_standing, partners_in_good_standing};
pub use watch::watch_partners;
pub(crate) use watch::{follow, look_at};

use serde_json::{Value, json};
use store::Partnership;
use workflow::partners::Found;

/// What is decided about, and signed: the application, what the owners say of their app, what is
/// known of its criteria, and what was proposed. It changes when any of them does.
fn record(
    app: &crate::entities::apps::Model,
    of: &Partnership,
    known: &evidence::Known,
    found: &[Found],
) -> Value {
    let row = &of.row;
    let published = known.publication.as_ref().map(|published| {
        json!({
            "version": published.version,
            "available": crate::words::date(evidence::date_of(published.available_day)),
            "links": known.links.iter().map(|link| &link.address).collect::<Vec<_>>(),
            "contact": published.contact,
        })
    });
    let criteria: Vec<Value> = found
        .iter()
        .map(|found| {
            json!({
                "criterion": found.criterion,
                "evidence": found.proofs.iter().map(words::proof).collect::<Vec<_>>(),
                "missing": found.missing.iter().map(words::missing).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "partnership": row.id,
        "version": row.version,
        "app": { "id": app.id, "name": app.name, "organisation": app.organisation },
        "application": { "by": row.applied_by, "at": row.applied_at, "text": row.statement },
        "proposal": {
            "by": row.proposed_by,
            "at": row.proposed_at,
            "recommended": row.recommended,
            "reasons": row.reasons,
        },
        "published": published,
        "criteria": criteria,
    })
}

/// The hash of a record, by which a decision says what was seen.
fn record_sha256(record: &Value) -> crate::Result<String> {
    Ok(crate::digest::sha256(
        crate::audit::canonical(record)?.as_bytes(),
    ))
}
