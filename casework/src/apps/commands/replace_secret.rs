//! Replace the client secret of an app. The old one stops working at once.

use super::{
    Secret,
    app_step::{AppStep, conflict},
};
use crate::{Caller, Desk, Once, Result, input::input, policy::AppAct};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::json;
use workflow::AppId;

input! {
    /// Of which app, as it was looked at.
    pub struct ReplaceSecretInput for "replace_secret" OnDesk {
        hidden app: AppId;
        /// The version of the app that was looked at.
        hidden version: i64;
        hidden once: Option<Once>;
    }
}

/// Replaces the secret; nothing if the same form has been carried out before (the secret was shown
/// then). `seen` is the version of the app that the person looked at: of two owners who replace it
/// at once, the second is told instead of ending the first one's new secret unawares.
///
/// # Errors
/// [`crate::Error::NotFound`] to strangers, [`crate::Error::Forbidden`] to members who do not own
/// the app, [`crate::Error::Conflict`].
pub async fn replace_secret(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    seen: i64,
    once: Option<&Once>,
) -> Result<Option<Secret>> {
    let step = AppStep::begin(desk, caller, app, AppAct::ReplaceSecret).await?;
    let now = desk.now();
    if let Some(once) = once {
        if once.is_spent(step.transaction(), Some(caller)).await? {
            return Ok(None);
        }
        once.spend(step.transaction(), Some(caller), now).await?;
    }
    if step.app.version != seen {
        drop(step);
        return Err(conflict(desk, app).await);
    }
    let secret = Secret::generate();
    let body = json!({
        "before": { "ends_with": step.app.secret_hint },
        "after": { "ends_with": secret.hint() },
    });
    let mut row = step.app.clone().into_active_model();
    row.secret_hash = Set(secret.hash());
    row.secret_hint = Set(secret.hint());
    row.secret_made_at = Set(now.micros());
    row.version = Set(step.app.version + 1);
    row.update(step.transaction()).await?;
    step.commit("secret_replaced", body).await?;
    Ok(Some(secret))
}
