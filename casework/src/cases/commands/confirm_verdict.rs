//! Confirm verdict: what a reviewer found before stays so, although something changed on which it had
//! relied.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Result, input::input};
use async_trait::async_trait;
use workflow::{Action, ActionKind, Refusal, checklist::ListKind};

input! {
    /// The verdict itself is on record.
    pub struct ConfirmVerdict for "confirm_verdict" OnCase {
        hidden list: ListKind;
        /// The key of the item.
        hidden item: String;
        /// The revision of the submission that the page showed.
        hidden revision: u32;
        /// The key of the item of the list to look at afterwards.
        hidden next: Option<String>;
    }
}

#[async_trait]
impl CaseCommand for ConfirmVerdict {
    fn kind(&self) -> ActionKind {
        ActionKind::check(self.list)
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        let sheet = work.case().sheet(self.list);
        let was = sheet.and_then(|sheet| sheet.reopened.get(&self.item));
        // Somebody has checked it again meanwhile.
        let was = was.ok_or(Refusal::TrailChanged)?;
        Ok(Action::CheckItem {
            list: self.list,
            item: self.item.clone(),
            verdict: was.verdict.clone(),
            evidence: was.evidence.clone(),
            revision: self.revision,
            finding: None,
        })
    }
}

/// Gives the verdict again that stood before, with its evidence, on the revision that stands now.
///
/// # Errors
/// See [`run`]; [`Refusal::TrailChanged`] where no verdict on the item is open again.
pub async fn confirm_verdict(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    verdict: ConfirmVerdict,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &verdict).await
}
