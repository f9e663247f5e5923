//! Resubmit after corrections: a response to every finding, amended answers and new files where
//! they belong to it; the next round of the review begins.

use super::{
    CaseCommand, Done, Envelope, Work,
    answer_clarification::{amend, amended_by_name, with_unanswered},
    keep_answers::{ToKeep, not_passed_over},
    run,
};
use crate::{Caller, Desk, Result, input::input, store::submission};
use async_trait::async_trait;
use workflow::{
    Action, ActionKind, FindingId, decide::every_finding_answered, event::Response, form::Answers,
};

input! {
    /// The form with which a developer resubmits.
    pub struct ResubmitInput for "resubmit" OnCase {
        /// See [`super::KeepAnswersInput`], as of the next two.
        hidden drawn: Option<String>;
        hidden tab: Option<String>;
        hidden order: Option<u64>;
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
    /// What the fields held when the page was drawn, see [`crate::input::drawn`]; empty where nothing says it.
    pub drawn: String,
    /// Which page it is, see [`super::KeepAnswersInput`].
    pub tab: String,
}

impl Corrected {
    fn as_typed(&self) -> ToKeep {
        let responses = self.responses.iter();
        let responses =
            responses.map(|response| (response.finding.to_string(), response.text.clone()));
        ToKeep {
            answers: responses.chain(amended_by_name(&self.amended)).collect(),
            drawn: self.drawn.clone(),
            tab: self.tab.clone(),
            order: None,
        }
    }
}

struct Resubmit {
    responses: Vec<Response>,
    amended: Answers,
    typed: ToKeep,
}

#[async_trait]
impl CaseCommand for Resubmit {
    fn kind(&self) -> ActionKind {
        ActionKind::Resubmit
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        not_passed_over(work, &self.typed).await?;
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
    let responses: Vec<Response> = corrected
        .responses
        .iter()
        .map(|response| Response {
            finding: response.finding,
            text: workflow::text::lines(&response.text),
        })
        .collect();
    let allowed = super::allowed(desk, caller, envelope.case, ActionKind::Resubmit).await;
    let amended = match allowed {
        Ok(stored) => {
            let amended = amend(desk, &stored.case, corrected.amended.clone()).await;
            with_unanswered(amended, every_finding_answered(&stored.case, &responses))?
        }
        // The same refusal comes out of `run`, unless this form was carried out before.
        Err(_) => Answers::new(),
    };
    let command = Resubmit {
        responses,
        amended,
        typed: corrected.as_typed(),
    };
    run(desk, Some(caller), envelope, &command).await
}
