//! Approve: access is granted. Signed anew with the password; the grant and the app's level are
//! written in the same transaction.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{
    Caller, Desk, Error, Result,
    accounts::verify_password,
    entities::audit_events,
    signatures::{self, ToSign},
    typed,
};
use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;
use workflow::{Action, ActionKind, GrantId, SignatureId, event::Granted, state::AccessLevel};

struct Approve<'a> {
    /// The version of the case whose trail the approver read.
    seen: u64,
    note: &'a str,
}

/// What the signature of an approval means.
pub fn meaning(level: AccessLevel) -> String {
    format!(
        "I have read the record of this case and approve {}.",
        level.label()
    )
}

#[async_trait]
impl CaseCommand for Approve<'_> {
    fn kind(&self) -> ActionKind {
        ActionKind::Approve
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        let case = work.case();
        let note = typed::limited("note", "Note", self.note, 2_000)?;
        // The hash of the newest event chains to all before it: the whole trail is signed.
        let trail = audit_events::Entity::find()
            .filter(audit_events::Column::CaseId.eq(case.id.0))
            .order_by_desc(audit_events::Column::Seq)
            .one(work.transaction)
            .await?
            .ok_or(Error::NotFound)?;
        let signature = SignatureId(Uuid::now_v7());
        let to_sign = ToSign {
            id: signature,
            meaning: meaning(case.level),
            capacity: "Approver".to_owned(),
            document_sha256: trail.hash,
        };
        signatures::sign(work, to_sign).await?;
        let cap = (case.level == AccessLevel::Limited).then_some(work.known.settings.limited_cap);
        Ok(Action::Approve {
            granted: Granted {
                grant: GrantId(Uuid::now_v7()),
                cap,
                signature,
                note,
            },
            seen: self.seen,
        })
    }
}

/// Approves the application: the password is asked for anew, and the trail that the approver saw
/// must still be the whole trail. The `note` goes to the record and may be empty.
///
/// # Errors
/// See [`run`]; [`Error::Input`] on `password`.
pub async fn approve(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    note: &str,
    password: &str,
) -> Result<Done> {
    let seen = envelope.seen.ok_or_else(|| {
        Error::field(
            "seen",
            "Open the decision page again and read the trail; then approve.",
        )
    })?;
    // Whoever may not approve is told so, and is not asked for a password.
    let allowed = super::allowed(desk, caller, envelope.case, ActionKind::Approve).await;
    if let Err(error @ (Error::NotFound | Error::Forbidden { .. })) = allowed {
        return Err(error);
    }
    verify_password(desk, caller, password).await?;
    run(desk, Some(caller), envelope, &Approve { seen, note }).await
}
