//! Verify the audit trail: walk the chain from its first event to its last. That someone did, and
//! what came of it, is an event itself.

use crate::{
    By, Caller, Desk, Result, Step,
    audit::{self, Report, Subject},
    queries::audit::may,
};
use serde_json::json;

/// Recomputes the hash of every event and records the result.
///
/// # Errors
/// [`crate::Error::Forbidden`] to those who may not read the trail; a broken chain is a report with
/// a fault.
pub async fn verify_trail(desk: &Desk, caller: &Caller) -> Result<Report> {
    may(desk, caller, "read_audit")?;
    let report = audit::verify(&desk.database).await?;
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    step.append(
        Subject::Desk,
        "trail_verified",
        json!({
            "events": report.events,
            "head": report.head,
            "fault": report.fault.as_ref().map(ToString::to_string),
        }),
        String::new(),
    );
    step.commit().await?;
    Ok(report)
}
