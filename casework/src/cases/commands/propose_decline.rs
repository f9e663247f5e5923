//! Propose decline: a reviewer lays before the approver that the application be refused.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Result, input::input, typed};
use async_trait::async_trait;
use workflow::{Action, ActionKind, Internal, event::DeclineReason};

input! {
    /// Why, by code and in words.
    pub struct ProposeDecline for "propose_decline" OnCase {
        typed reason: Option<DeclineReason> = "Reason";
        typed text: String = "What stands against the application";
    }
}

#[async_trait]
impl CaseCommand for ProposeDecline {
    fn kind(&self) -> ActionKind {
        ActionKind::ProposeDecline
    }

    async fn prepare(&self, _: &Work<'_>) -> Result<Action> {
        let missing = "say what stands against the application.";
        let (reason, text) = typed::both(
            typed::choice("reason", "Reason", self.reason),
            typed::required("text", "Explanation", &self.text, missing),
        )?;
        let text = Internal::written(text);
        Ok(Action::ProposeDecline { reason, text })
    }
}

/// Proposes to decline.
///
/// # Errors
/// See [`run`].
pub async fn propose_decline(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    proposal: ProposeDecline,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &proposal).await
}
