//! Report as corrected: after the approval the developer says what was done about a finding with a
//! date.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Result, input::input, typed};
use async_trait::async_trait;
use workflow::{Action, ActionKind, FindingId};

input! {
    /// Which finding, and what was done.
    pub struct ReportCorrection for "report_correction" OnCase {
        hidden finding: FindingId;
        typed text: String = "What was done";
    }
}

#[async_trait]
impl CaseCommand for ReportCorrection {
    fn kind(&self) -> ActionKind {
        ActionKind::ReportCorrection
    }

    async fn prepare(&self, _work: &Work<'_>) -> Result<Action> {
        Ok(Action::ReportCorrection {
            finding: self.finding,
            text: typed::required("text", "What was done", &self.text, "say what was done.")?,
        })
    }
}

/// Reports it; a reviewer tests it again.
///
/// # Errors
/// See [`run`].
pub async fn report_correction(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    report: ReportCorrection,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &report).await
}
