//! Suspend, reinstate and revoke a grant: the same step in three directions, each with its reason;
//! the developer is told.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Result, typed};
use async_trait::async_trait;
use workflow::{Action, ActionKind};

/// What becomes of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantChange {
    Suspend,
    Reinstate,
    Revoke,
}

struct ChangeGrant<'a> {
    change: GrantChange,
    reason: &'a str,
}

#[async_trait]
impl CaseCommand for ChangeGrant<'_> {
    fn kind(&self) -> ActionKind {
        match self.change {
            GrantChange::Suspend => ActionKind::SuspendGrant,
            GrantChange::Reinstate => ActionKind::ReinstateGrant,
            GrantChange::Revoke => ActionKind::RevokeGrant,
        }
    }

    async fn prepare(&self, _: &Work<'_>) -> Result<Action> {
        let missing = "say why; the developer will read it.";
        let reason = typed::required("reason", "Reason", self.reason, missing)?;
        Ok(match self.change {
            GrantChange::Suspend => Action::SuspendGrant { reason },
            GrantChange::Reinstate => Action::ReinstateGrant { reason },
            GrantChange::Revoke => Action::RevokeGrant { reason },
        })
    }
}

/// Suspends, reinstates or revokes the grant of an approved case.
///
/// # Errors
/// See [`run`].
pub async fn change_grant(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    change: GrantChange,
    reason: &str,
) -> Result<Done> {
    run(
        desk,
        Some(caller),
        envelope,
        &ChangeGrant { change, reason },
    )
    .await
}
