//! Resubmit after corrections: a response to every finding, amended answers and new files where
//! they belong to it; the next round of the review begins.

use super::{CaseCommand, Done, Envelope, Work, answer_clarification::amend, run};
use crate::{Caller, Desk, Result, input::input, store::submission};
use async_trait::async_trait;
use workflow::{Action, ActionKind, FindingId, event::Response, form::Answers};

input! {
    /// The form with which a developer resubmits.
    pub struct ResubmitInput for "resubmit" OnCase {
        keyed responses: FindingId = "Response" after "";
        /// Field key → the field's new text.
        keyed amended: String = "Changed answer" after "amend." up to super::LONGEST_ANSWER;
    }
}

/// What was typed on the page of the corrections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrected {
    pub responses: Vec<Response>,
    /// Field key → the field's new text.
    pub amended: Answers,
}

struct Resubmit {
    responses: Vec<Response>,
    amended: Answers,
}

#[async_trait]
impl CaseCommand for Resubmit {
    fn kind(&self) -> ActionKind {
        ActionKind::Resubmit
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        let submission = submission::revise(work, &self.amended).await?;
        Ok(Action::Resubmit {
            responses: self.responses.clone(),
            submission,
        })
    }
}

/// Resubmits.
///
/// # Errors
/// See [`run`]; a finding without a response is a problem of the field with the finding's id, an
/// amended answer that will not do one of the field `amend.KEY`.
pub async fn resubmit(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    corrected: &Corrected,
) -> Result<Done> {
    let responses = corrected
        .responses
        .iter()
        .map(|response| Response {
            finding: response.finding,
            text: workflow::text::lines(&response.text),
        })
        .collect();
    let allowed = super::allowed(desk, caller, envelope.case, ActionKind::Resubmit).await;
    let amended = match allowed {
        Ok(stored) => amend(desk, &stored.case, corrected.amended.clone()).await?,
        // The same refusal comes out of `run`, unless this form was carried out before.
        Err(_) => Answers::new(),
    };
    let command = Resubmit { responses, amended };
    run(desk, Some(caller), envelope, &command).await
}
