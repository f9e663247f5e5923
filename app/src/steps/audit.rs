//! Steps on the audit trail.

use crate::web::{Next, Step, Visit};
use casework::{
    Result,
    commands::{self, VerifyTrailInput},
};

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![Step::new(verify_trail)]
}

/// Verifies the trail. What came of it stands on the page, which reads it from the trail itself.
async fn verify_trail(visit: Visit, _: VerifyTrailInput) -> Result<Next> {
    commands::verify_trail(&visit.desk, visit.caller()?).await?;
    Ok(Next::to("/audit#verification"))
}
