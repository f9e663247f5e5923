//! Set date for finding: a fault that is no blocker is to be corrected by a day after the approval.

use super::{CaseCommand, Done, Envelope, Work, run, settles::settles};
use crate::{Caller, Desk, Error, Result, input::input, typed};
use async_trait::async_trait;
use workflow::{Action, ActionKind, FindingId};

input! {
    /// Which fault is to be corrected by which day (`2027-03-31`).
    pub struct DateFinding for "date_finding" OnCase {
        hidden finding: FindingId;
        typed due: String = "To be corrected by" up to 40;
    }
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
