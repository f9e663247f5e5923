//! Waive finding: a fault that is no blocker is accepted as it is, with the reason; a major one by
//! somebody else than who recorded it.

use super::{CaseCommand, Done, Envelope, Work, run, settles::waives};
use crate::{Caller, Desk, Result, input::input, typed};
use async_trait::async_trait;
use workflow::{Action, ActionKind, FindingId, Internal};

input! {
    /// Which fault is accepted, and why.
    pub struct WaiveFinding for "waive_finding" OnCase {
        hidden finding: FindingId;
        typed reason: String = "Why it may stay";
    }
}

#[async_trait]
impl CaseCommand for WaiveFinding {
    fn kind(&self) -> ActionKind {
        ActionKind::WaiveFinding
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        waives(work, self.finding).await?;
        Ok(Action::WaiveFinding {
            finding: self.finding,
            reason: Internal::written(typed::required(
                "reason",
                "Reason",
                &self.reason,
                "say why it may stay.",
            )?),
        })
    }
}

/// Waives a finding.
///
/// # Errors
/// See [`run`].
pub async fn waive_finding(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    waiver: WaiveFinding,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &waiver).await
}
