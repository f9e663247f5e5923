//! Reopen: at the developer's appeal an ended case is looked at once more, by someone who has not
//! worked on it; by someone who has only where it is said why.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{
    Caller, Desk, Error, Lock, Result, accounts, accounts::absences::away_until, input::input,
    roles_from_words, store::under_way, take, typed,
};
use async_trait::async_trait;
use workflow::{Action, ActionKind, Internal, PersonId};

input! {
    /// Why, and who looks at it now.
    pub struct Reopen for "reopen" OnCase {
        typed reason: String = "What the appeal brings";
        typed to: Option<PersonId> = "New assignee";
        /// Asked for where that one has worked on the case.
        typed although: String = "Why someone who has worked on it";
    }
}

#[async_trait]
impl CaseCommand for Reopen {
    fn kind(&self) -> ActionKind {
        ActionKind::Reopen
    }

    async fn prepare(&self, work: &Work<'_>) -> Result<Action> {
        let reason = typed::required(
            "reason",
            "Reason",
            &self.reason,
            "say what the appeal brings.",
        );
        let nobody = || Error::field("to", "Assignee: choose who looks at the case now.");
        let (reason, to) = typed::both(reason, self.to.ok_or_else(nobody))?;
        let person = accounts::find(work.transaction(), to)
            .await
            .ok()
            .filter(|person| person.disabled_at.is_none())
            .ok_or_else(nobody)?;
        // An application that is begun meanwhile waits until this one is on its way, or the reverse.
        take(work.transaction(), Lock::CaseNumber).await?;
        Ok(Action::Reopen {
            reason: Internal::written(reason),
            to,
            although: Internal::written(&self.although),
            roles: roles_from_words(&person.roles),
            is_member: work.stored.people.is_conflicted(to),
            away: away_until(work.transaction(), to, work.now.date()).await?,
            other: under_way(work.transaction(), work.stored.row.app_id).await?,
        })
    }
}

/// Reopens the case.
///
/// # Errors
/// See [`run`].
pub async fn reopen(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    reopening: Reopen,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &reopening).await
}
