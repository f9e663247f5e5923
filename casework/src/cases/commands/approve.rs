//! Approve: access is granted. Signed anew; the grant and the app's access are
//! written in the same transaction.

use super::{CaseCommand, Done, Envelope, Work, may_sign, run};
use crate::{
    Caller, Desk, Result,
    accounts::{Proof, Secrets, prove},
    input::input,
    typed,
};
use async_trait::async_trait;
use uuid::Uuid;
use workflow::{Action, ActionKind, GrantId, Internal, event::Granted, state::AccessLevel};

input! {
    /// What an approver writes, and signs with.
    pub struct ApproveInput for "approve" OnCase {
        typed note: String = "Note to the record" up to 2_000;
        secret password = "Your password";
        secret code = "Code" up to 40;
    }
}

struct Approve {
    note: String,
    proof: Proof,
}

#[async_trait]
impl CaseCommand for Approve {
    fn kind(&self) -> ActionKind {
        ActionKind::Approve
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        let limited = work.case().level == AccessLevel::Limited;
        Ok(Action::Approve {
            granted: Granted {
                grant: GrantId(Uuid::now_v7()),
                cap: limited.then_some(work.known.settings.limited_cap),
                signature: work.signature(self.kind())?,
                note: Internal::written(&self.note),
            },
        })
    }

    fn proof(&self) -> Option<&Proof> {
        Some(&self.proof)
    }
}

/// Approves the application: who signs is asked for anew, and the trail that the approver saw
/// must still be the whole trail. The `note` goes to the record and may be empty.
///
/// # Errors
/// See [`run`]; [`crate::Error::Input`] on `password` or `code`.
pub async fn approve(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    note: &str,
    given: impl Into<Secrets<'_>>,
) -> Result<Done> {
    may_sign(desk, caller, envelope.case, ActionKind::Approve).await?;
    let (note, proof) = typed::both(
        typed::limited("note", "Note", note, 2_000),
        prove(desk, caller, given.into()).await,
    )?;
    run(desk, Some(caller), envelope, &Approve { note, proof }).await
}
