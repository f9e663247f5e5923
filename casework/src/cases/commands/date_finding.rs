//! Set date for finding: a fault that is no blocker is to be mended by a day after the approval.

use super::{CaseCommand, Done, Envelope, Work, run, settles::settles};
use crate::{Caller, Desk, Error, Result, typed};
use async_trait::async_trait;
use workflow::{Action, ActionKind, FindingId};

/// Which finding, and by which day (`2027-03-31`) it is to be mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFinding {
    pub finding: FindingId,
    pub due: String,
}

#[async_trait]
impl CaseCommand for DateFinding {
    fn kind(&self) -> ActionKind {
        ActionKind::DateFinding
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        settles(work, self.finding)?;
        let due = typed::day("due", "Due date", &self.due)?
            .ok_or_else(|| Error::field("due", "Due date: choose a day."))?;
        Ok(Action::DateFinding {
            finding: self.finding,
            due,
        })
    }
}

/// Sets the date.
///
/// # Errors
/// See [`run`].
pub async fn date_finding(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    dated: DateFinding,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &dated).await
}
