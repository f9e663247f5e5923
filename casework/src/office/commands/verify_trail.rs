//! Verify the audit trail: walk the chain from its first event to its last. That someone did, and
//! what came of it, is an event itself.

use crate::{
    Caller, Desk, Result,
    audit::{self, Entry, Report, Subject},
    queries::audit::may,
};
use serde_json::json;
use workflow::Actor;

/// Recomputes the hash of every event and records the result.
///
/// # Errors
/// [`crate::Error::Forbidden`] to those who may not read the trail; a broken chain is a report with
/// a fault.
pub async fn verify_trail(desk: &Desk, caller: &Caller) -> Result<Report> {
    may(desk, caller, "read_audit")?;
    let report = audit::verify(&desk.database).await?;
    let entry = Entry {
        actor: Some(Actor::Person(caller.person)),
        subject: Subject::Desk,
        name: "trail_verified",
        body: json!({
            "events": report.events,
            "head": report.head,
            "fault": report.fault.as_ref().map(ToString::to_string),
        }),
        reason: String::new(),
    };
    let transaction = desk.database.begin().await?;
    audit::append(&transaction, desk.now(), desk.policy.version(), vec![entry]).await?;
    transaction.commit().await?;
    Ok(report)
}
