//! The policy in force: which version answers, and what holds while the database is silent.

mod versions;

pub use ::policy::{
    Act, AppAct, BUILT_IN, CaseAct, Class, Denied, DeskAct, GalleryAct, NO_RULE, PartnerAct,
    Snapshot, Subject, SupportAct, Verdict,
};
pub use versions::publish;

use crate::{Error, Result, database::Database};
use std::sync::{PoisonError, RwLock};
use time::Duration;
use workflow::Timestamp;

/// How long the version loaded last holds while the database does not say whether there is a newer
/// one. Afterwards everything is denied.
pub const HOLDS: Duration = Duration::minutes(15);

/// The policy in force.
pub struct Policy(RwLock<InForce>);

struct InForce {
    snapshot: Snapshot,
    /// When the database said last that this is the newest version.
    confirmed_at: Timestamp,
}

impl Policy {
    /// Loads the newest version; one that is empty or no policy at all denies everything.
    ///
    /// # Errors
    /// When the database does not answer: a desk that does not know which version it has must not
    /// begin, for its events would name none.
    pub async fn load(database: &Database, now: Timestamp) -> Result<Self> {
        let snapshot = newest(database, None).await.map_err(|error| match error {
            Error::Unavailable(cause) => {
                Error::unavailable(format!("the policy cannot be read: {cause}"))
            }
            other => other,
        })?;
        Ok(Self(RwLock::new(InForce {
            snapshot: snapshot.unwrap_or_else(|| Snapshot::denying(0)),
            confirmed_at: now,
        })))
    }

    /// Replaces the policy by the newest version, whole, if it is another one. While the database
    /// does not answer the version loaded last holds, for [`HOLDS`].
    pub async fn refresh(&self, database: &Database, now: Timestamp) {
        let present = self.snapshot();
        let answer = newest(database, Some(&present)).await;
        let mut in_force = self.0.write().unwrap_or_else(PoisonError::into_inner);
        match answer {
            Ok(changed) => {
                if let Some(snapshot) = changed {
                    in_force.snapshot = snapshot;
                }
                in_force.confirmed_at = now;
            }
            Err(error) if now.since(in_force.confirmed_at) < HOLDS => {
                let version = present.version();
                tracing::warn!(%error, version, "the policy cannot be read: the last version holds");
            }
            Err(error) => {
                tracing::error!(%error, "the policy has not been read for too long: everything is denied");
                in_force.snapshot = Snapshot::denying(present.version());
            }
        }
    }

    /// The version in force, to ask and to record within one step.
    pub fn snapshot(&self) -> Snapshot {
        let in_force = self.0.read().unwrap_or_else(PoisonError::into_inner);
        in_force.snapshot.clone()
    }

    /// The number of the version in force; 0 where there is none.
    pub fn version(&self) -> i32 {
        self.snapshot().version()
    }

    /// As [`Snapshot::ask`], of the version in force.
    pub fn ask(&self, subject: &Subject, act: impl Into<Act>) -> Verdict {
        self.snapshot().ask(subject, act)
    }

    /// As [`Snapshot::require`], of the version in force.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with the rule.
    pub fn require(&self, subject: &Subject, act: impl Into<Act>) -> Result<()> {
        Ok(self.snapshot().require(subject, act)?)
    }
}

/// The newest version, unless it is the one that is known. One that is empty or no policy at all
/// denies everything; that is no passing fault and is not waited out.
///
/// # Errors
/// When the database does not answer.
async fn newest(database: &Database, known: Option<&Snapshot>) -> Result<Option<Snapshot>> {
    let version = versions::newest(database.read()).await?;
    // One that was denied because it could not be read is read again.
    if known.is_some_and(|known| known.version() == version && !known.denies_everything()) {
        return Ok(None);
    }
    let text = versions::text(database.read(), version).await?;
    let snapshot = Snapshot::read(version, &text)
        .await
        .unwrap_or_else(|error| {
            tracing::error!(%error, version, "no policy: everything is denied");
            Snapshot::denying(version)
        });
    Ok(Some(snapshot))
}
