//! Replace the client secret of an app. The old one stops working at once.

use super::{
    Secret,
    app_step::{AppStep, conflict},
    secret::client_secret_of,
};
use crate::{Caller, Desk, Result, input::input, policy::AppAct};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::json;
use workflow::AppId;

input! {
    /// Of which app, as it was looked at.
    pub struct ReplaceSecretInput for "replace_secret" OnDesk {
        hidden app: AppId;
        /// The version of the app that was looked at.
        hidden version: i64;
    }
}

/// Replaces the secret. `seen` is the version of the app that the person looked at: of two owners who replace it
/// at once, the second is told instead of ending the first one's new secret unawares.
///
/// # Errors
/// [`crate::Error::NotFound`] to strangers, [`crate::Error::Forbidden`] to members who do not own
/// the app, [`crate::Error::Conflict`].
pub async fn replace_secret(desk: &Desk, caller: &Caller, app: AppId, seen: i64) -> Result<Secret> {
    let step = AppStep::begin(desk, caller, app, AppAct::ReplaceSecret).await?;
    let now = step.now;
    if step.app.version != seen {
        drop(step);
        return Err(conflict(desk, app).await);
    }
    let secret = Secret::generate(desk, &client_secret_of(app));
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
    Ok(secret)
}

/// The secret that the form being carried out made when it was sent before, so that a double click
/// does not lose it; none once it has been replaced.
///
/// # Errors
/// [`crate::Error::NotFound`] to strangers.
pub async fn secret_made_before(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
) -> Result<Option<Secret>> {
    let desk_apart = desk.apart();
    let step = AppStep::begin(&desk_apart, caller, app, AppAct::ReplaceSecret).await?;
    let secret = desk
        .sending()
        .map(|sending| Secret::made_by(desk, sending, &client_secret_of(app)));
    Ok(secret.filter(|secret| secret.hash() == step.app.secret_hash))
}
