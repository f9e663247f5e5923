//! Decline: the application is refused, with a reason that the developer reads. Signed
//! anew.

use super::{CaseCommand, Done, Envelope, Work, may_sign, run};
use crate::{
    Caller, Desk, Result,
    accounts::{Proof, Secrets, prove},
    input::input,
    typed,
};
use async_trait::async_trait;
use workflow::{Action, ActionKind, Outward, event::DeclineReason};

/// Why, by code and in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decline {
    pub reason: Option<DeclineReason>,
    pub text: String,
}

input! {
    /// The form of a decline.
    pub struct DeclineInput for "decline" OnCase {
        typed reason: Option<DeclineReason> = "Reason";
        typed text: String = "Explanation";
        secret password = "Your password";
        secret code = "Code" up to 40;
    }
}

struct Signed {
    reason: DeclineReason,
    text: String,
    proof: Proof,
}

#[async_trait]
impl CaseCommand for Signed {
    fn kind(&self) -> ActionKind {
        ActionKind::Decline
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        Ok(Action::Decline {
            reason: self.reason,
            text: Outward::written(&self.text),
            signature: work.signature(self.kind())?,
        })
    }

    fn proof(&self) -> Option<&Proof> {
        Some(&self.proof)
    }
}

/// Declines the application: who signs is asked for anew, and the trail that the approver saw
/// must still be the whole trail.
///
/// # Errors
/// See [`run`]; [`crate::Error::Input`] on `password` or `code`.
pub async fn decline(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    decision: Decline,
    given: impl Into<Secrets<'_>>,
) -> Result<Done> {
    may_sign(desk, caller, envelope.case, ActionKind::Decline).await?;
    let missing = "say why, and what would have to change.";
    let why = typed::both(
        typed::choice("reason", "Reason", decision.reason),
        typed::required("text", "Explanation", &decision.text, missing),
    );
    let ((reason, text), proof) = typed::both(why, prove(desk, caller, given.into()).await)?;
    let command = Signed {
        reason,
        text,
        proof,
    };
    run(desk, Some(caller), envelope, &command).await
}
