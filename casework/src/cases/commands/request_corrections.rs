//! Request corrections: the developer is to correct the open findings; the review pauses.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Result, input::input, typed};
use async_trait::async_trait;
use workflow::{Action, ActionKind};

input! {
    /// By which day (`2027-03-31`); nothing means the usual time.
    pub struct RequestCorrections for "request_corrections" OnCase {
        typed due: String = "Corrected by" up to 40;
    }
}

#[async_trait]
impl CaseCommand for RequestCorrections {
    fn kind(&self) -> ActionKind {
        ActionKind::RequestCorrections
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        let usual = work
            .known
            .calendar
            .due(work.now, work.known.settings.corrections_days);
        let due = typed::day("due", "Due date", &self.due)?.unwrap_or(usual);
        Ok(Action::RequestCorrections { due })
    }
}

/// Sends the case back for corrections.
///
/// # Errors
/// See [`run`].
pub async fn request_corrections(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    request: RequestCorrections,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &request).await
}
