//! Answer appeal: the end of an application stays as it is, and its developer reads why.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Result, input::input, typed};
use async_trait::async_trait;
use workflow::{Action, ActionKind, Outward};

input! {
    /// Why, to the developer.
    pub struct AnswerAppeal for "answer_appeal" OnCase {
        typed text: String = "Why the end stays as it is";
    }
}

#[async_trait]
impl CaseCommand for AnswerAppeal {
    fn kind(&self) -> ActionKind {
        ActionKind::AnswerAppeal
    }

    async fn prepare(&self, _work: &Work<'_>) -> Result<Action> {
        let missing = "say why; the developer will read it.";
        Ok(Action::AnswerAppeal {
            text: Outward::written(typed::required("text", "Answer", &self.text, missing)?),
        })
    }
}

/// Answers the appeal.
///
/// # Errors
/// See [`run`].
pub async fn answer_appeal(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    answer: AnswerAppeal,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &answer).await
}
