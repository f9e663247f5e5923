//! Confirm complete: the submission is complete; the review begins.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Result, input::input};
use async_trait::async_trait;
use workflow::{Action, ActionKind};

input! {
    /// Nothing is typed.
    pub struct ConfirmCompleteInput for "confirm_complete" OnCase {}
}

struct ConfirmComplete;

#[async_trait]
impl CaseCommand for ConfirmComplete {
    fn kind(&self) -> ActionKind {
        ActionKind::ConfirmComplete
    }

    async fn prepare(&self, _: &Work<'_>) -> Result<Action> {
        Ok(Action::ConfirmComplete)
    }
}

/// Lets the case go on to the review.
///
/// # Errors
/// See [`run`].
pub async fn confirm_complete(desk: &Desk, caller: &Caller, envelope: &Envelope) -> Result<Done> {
    run(desk, Some(caller), envelope, &ConfirmComplete).await
}
