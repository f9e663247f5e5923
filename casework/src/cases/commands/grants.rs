//! Suspend, reinstate and revoke a grant, and change its cap: the same step in four directions, each
//! with its reason and signed anew; the developer is told.

use super::{CaseCommand, Done, Envelope, Work, may_sign, run};
use crate::{
    Caller, Desk, Error, Result,
    accounts::{Proof, Secrets, prove},
    input::input,
    typed,
};
use async_trait::async_trait;
use workflow::{Action, ActionKind, Outward};

input! {
    /// Why access is suspended.
    pub struct SuspendInput for "suspend_grant" OnCase {
        typed reason: String = "Reason";
        secret password = "Your password";
        secret code = "Code" up to 40;
    }
}

input! {
    /// Why access is given back.
    pub struct ReinstateInput for "reinstate_grant" OnCase {
        typed reason: String = "Reason";
        secret password = "Your password";
        secret code = "Code" up to 40;
    }
}

input! {
    /// Why access ends.
    pub struct RevokeInput for "revoke_grant" OnCase {
        typed reason: String = "Reason";
        secret password = "Your password";
        secret code = "Code" up to 40;
    }
}

input! {
    /// How many authorised users a grant allows from now on, and why.
    pub struct ChangeCapInput for "change_cap" OnCase {
        typed cap: Option<u32> = "Authorised users" up to 6;
        typed reason: String = "Reason";
        secret password = "Your password";
        secret code = "Code" up to 40;
    }
}

/// Why a cap is not changed beside a grant that has none.
pub const UNCAPPED: &str =
    "the app has Full Access, which has no cap; what it had before counts again only if that ends.";

/// What becomes of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantChange {
    Suspend,
    Reinstate,
    Revoke,
    /// From now on at most so many authorised users; none: nothing was typed.
    Cap(Option<u32>),
}

impl GrantChange {
    /// The step on the case.
    pub const fn step(self) -> ActionKind {
        match self {
            Self::Suspend => ActionKind::SuspendGrant,
            Self::Reinstate => ActionKind::ReinstateGrant,
            Self::Revoke => ActionKind::RevokeGrant,
            Self::Cap(_) => ActionKind::ChangeCap,
        }
    }
}

struct ChangeGrant {
    change: GrantChange,
    reason: String,
    proof: Proof,
}

#[async_trait]
impl CaseCommand for ChangeGrant {
    fn kind(&self) -> ActionKind {
        self.change.step()
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        let reason = Outward::written(&self.reason);
        let signature = work.signature(self.kind())?;
        if matches!(self.change, GrantChange::Cap(_)) && work.stored.app.users_cap()?.is_none() {
            return Err(Error::field("cap", format!("Authorised users: {UNCAPPED}")));
        }
        Ok(match self.change {
            GrantChange::Suspend => Action::SuspendGrant { reason, signature },
            GrantChange::Reinstate => Action::ReinstateGrant { reason, signature },
            GrantChange::Revoke => Action::RevokeGrant { reason, signature },
            GrantChange::Cap(cap) => Action::ChangeCap {
                cap: cap.unwrap_or_default(),
                reason,
                signature,
            },
        })
    }

    fn proof(&self) -> Option<&Proof> {
        Some(&self.proof)
    }
}

/// Suspends, reinstates or revokes the grant of an approved case, or changes its cap: who signs is asked for anew,
/// and the trail that the approver saw must still be the whole trail.
///
/// # Errors
/// See [`run`]; [`crate::Error::Input`] on `password` or `code`.
pub async fn change_grant(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    change: GrantChange,
    reason: &str,
    given: impl Into<Secrets<'_>>,
) -> Result<Done> {
    may_sign(desk, caller, envelope.case, change.step()).await?;
    let missing = "say why; the developer will read it.";
    let (reason, proof) = typed::both(
        typed::required("reason", "Reason", reason, missing),
        prove(desk, caller, given.into()).await,
    )?;
    let command = ChangeGrant {
        change,
        reason,
        proof,
    };
    run(desk, Some(caller), envelope, &command).await
}
