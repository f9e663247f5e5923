//! Withdraw an application.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{
    Caller, Desk, Error, Result,
    input::input,
    text::{Limits, lines},
};
use async_trait::async_trait;
use workflow::{Action, ActionKind};

input! {
    /// Why the application is withdrawn.
    pub struct WithdrawInput for "withdraw" OnCase {
        typed reason: String = "Reason" up to 2_000;
    }
}

struct Withdraw(String);

#[async_trait]
impl CaseCommand for Withdraw {
    fn kind(&self) -> ActionKind {
        ActionKind::Withdraw
    }

    async fn prepare(&self, _work: &Work<'_>) -> Result<Action> {
        Ok(Action::Withdraw {
            reason: self.0.clone(),
        })
    }
}

/// Withdraws; the reason may be left empty.
///
/// # Errors
/// See [`run`]; [`Error::Input`] on `reason`.
pub async fn withdraw(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    reason: &str,
) -> Result<Done> {
    let limits = Limits {
        field: "reason",
        label: "Reason",
        min: 0,
        max: 2_000,
    };
    let mut problems = Vec::new();
    let reason = lines(limits, reason, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    run(desk, Some(caller), envelope, &Withdraw(reason)).await
}
