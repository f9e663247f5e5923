//! Verify the audit trail, and every row and file that it binds. That someone did, and what came of
//! it – sound or broken – is an event itself.

use crate::{
    By, Caller, Desk, Error, Result, Step,
    audit::Subject,
    input::input,
    policy::DeskAct,
    queries::audit::may,
    verification::{self, Report},
};
use serde_json::json;

input! {
    /// Nothing is typed.
    pub struct VerifyTrailInput for "verify_trail" OnDesk {}
}

/// What a second asker is told.
const UNDER_WAY: &str = "The trail is being verified at this moment. Open this page again in a minute \
                         to read what came of it.";

/// Verifies everything and records the result.
///
/// # Errors
/// [`crate::Error::Forbidden`] to those who may not read the trail, [`crate::Error::Busy`] while this
/// process verifies it for somebody else; a broken trail is a report with a fault.
pub async fn verify_trail(desk: &Desk, caller: &Caller) -> Result<Report> {
    may(desk, caller, DeskAct::ReadAudit)?;
    let one_at_a_time = desk.verifying.try_lock();
    let _held = one_at_a_time.map_err(|_| Error::Busy(UNDER_WAY))?;
    let report = verification::verify(&desk.database, Some(desk.storage.as_ref())).await?;
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    step.append(
        Subject::Desk,
        "trail_verified",
        json!({
            "events": report.events,
            "head": report.head,
            "fault": report.fault.as_ref().map(ToString::to_string),
            "faults": report.faults,
            "cases": report.cases,
            "records": report.records,
            "unhashed": report.unhashed,
            "files": report.files,
        }),
        String::new(),
    );
    step.commit().await?;
    Ok(report)
}
