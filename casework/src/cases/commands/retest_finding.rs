//! Re-test finding: after the approval a reviewer looks again at a finding with a date.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Result, input::input, typed};
use async_trait::async_trait;
use workflow::{Action, ActionKind, FindingId, Outward, Timestamp, checklist::ListKind};

input! {
    /// Which finding, and what was seen.
    pub struct RetestFinding for "retest_finding" OnCase {
        /// The list that it is recorded against.
        hidden list: ListKind;
        hidden finding: FindingId;
        /// When the developer's report was written that the page shows; nothing for none.
        hidden report: Option<Timestamp>;
        /// `corrected` or `not_corrected`.
        typed outcome: String = "Outcome" up to 40;
        /// For `not_corrected` what is still wrong. The developer reads either.
        typed text: String = "What was seen";
    }
}

#[async_trait]
impl CaseCommand for RetestFinding {
    fn kind(&self) -> ActionKind {
        ActionKind::retest_finding(self.list)
    }

    async fn prepare(&self, _work: &Work<'_>) -> Result<Action> {
        let corrected = match self.outcome.as_str() {
            "corrected" => true,
            "not_corrected" => false,
            _ => typed::choice("outcome", "Outcome", None)?,
        };
        let text = if corrected {
            self.text.clone()
        } else {
            let missing = "say what is still wrong; the developer will read it.";
            typed::required("text", "What was seen", &self.text, missing)?
        };
        Ok(Action::RetestFinding {
            list: self.list,
            finding: self.finding,
            corrected,
            text: Outward::written(text),
            seen: self.report,
        })
    }
}

/// Records it; the developer is told.
///
/// # Errors
/// See [`run`].
pub async fn retest_finding(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    retest: RetestFinding,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &retest).await
}
