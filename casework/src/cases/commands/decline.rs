//! Decline: the application is refused, with a reason that the developer reads.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Result, typed};
use async_trait::async_trait;
use workflow::{Action, ActionKind, event::DeclineReason};

/// Why, by code and in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decline {
    pub reason: Option<DeclineReason>,
    pub text: String,
}

#[async_trait]
impl CaseCommand for Decline {
    fn kind(&self) -> ActionKind {
        ActionKind::Decline
    }

    async fn prepare(&self, _: &Work<'_>) -> Result<Action> {
        let missing = "say why, and what would have to change.";
        let (reason, text) = typed::both(
            typed::choice("reason", "Reason", self.reason),
            typed::required("text", "Explanation", &self.text, missing),
        )?;
        Ok(Action::Decline { reason, text })
    }
}

/// Declines the application.
///
/// # Errors
/// See [`run`].
pub async fn decline(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    decision: Decline,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &decision).await
}
