//! Make or replace the client secret of an app in one environment. The old one stops working at
//! once, or goes on for the time that was stated.

use super::{
    Secret,
    app_step::{AppStep, conflict},
    secret::client_secret_of,
    set_redirects::has_environment,
};
use crate::{
    Caller, Desk, Error, Result,
    access::queries::DataEnvironment,
    apps::{
        letters::{self, MemberLetter},
        setup::{MoreSecrets, Pair, Stored},
    },
    input::input,
    policy::AppAct,
};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::json;
use time::Duration;
use workflow::AppId;

input! {
    /// Of which app, as it was looked at.
    pub struct ReplaceSecretInput for "replace_secret" OnDesk {
        hidden app: AppId;
        hidden environment: DataEnvironment;
        /// The version of the app that was looked at.
        hidden version: i64;
        /// For how many hours.
        typed keep: Option<u32> = "How long the present secret goes on working";
    }
}

/// For how many hours a replaced secret may go on working.
pub const OVERLAPS: [u32; 4] = [0, 1, 24, 168];

/// What is replaced, and for how long the old secret goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacement {
    pub environment: DataEnvironment,
    /// In hours: one of [`OVERLAPS`].
    pub keep: u32,
}

impl Default for Replacement {
    fn default() -> Self {
        Self {
            environment: DataEnvironment::Sandbox,
            keep: 0,
        }
    }
}

/// Replaces the secret. `seen` is the version of the app that the person looked at: of two owners who replace it
/// at once, the second is told instead of ending the first one's new secret unawares.
///
/// # Errors
/// [`Error::NotFound`] to strangers, [`Error::Forbidden`] to members who do not own
/// the app, [`Error::Input`], [`Error::Conflict`].
pub async fn replace_secret(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    seen: i64,
    what: Replacement,
) -> Result<Secret> {
    let step = AppStep::begin(desk, caller, app, AppAct::ReplaceSecret).await?;
    let now = step.now;
    if !OVERLAPS.contains(&what.keep) {
        return Err(Error::field("keep", "Choose one of the times."));
    }
    has_environment(&step, what.environment, "keep")?;
    if step.app.version != seen {
        drop(step);
        return Err(conflict(desk, app).await);
    }
    let environment = what.environment;
    let secret = Secret::generate(desk, &client_secret_of(app, environment));
    let old = Pair::of(&step.app, environment)?.present;
    let until = now.plus(Duration::hours(i64::from(what.keep)));
    let made = Stored {
        hash: secret.hash(),
        hint: secret.hint(),
        at: now.micros(),
    };
    let body = json!({
        "environment": environment.word(),
        "before": old.as_ref().map(|old| json!({ "ends_with": old.hint })),
        "after": { "ends_with": made.hint },
        "old_until": (old.is_some() && what.keep > 0).then_some(until),
    });
    let ends = old.is_some().then_some(until);
    let before = old.filter(|_| what.keep > 0).map(|old| Stored {
        at: until.micros(),
        ..old
    });
    let mut more = MoreSecrets::of(&step.app)?;
    let mut row = step.app.clone().into_active_model();
    match environment {
        DataEnvironment::Sandbox => {
            more.sandbox_before = before;
            row.secret_hash = Set(made.hash);
            row.secret_hint = Set(made.hint);
            row.secret_made_at = Set(made.at);
        }
        DataEnvironment::Production => {
            more.production_before = before;
            more.production = Some(made);
        }
    }
    row.secrets = Set(Some(serde_json::to_string(&more)?));
    row.version = Set(step.app.version + 1);
    row.update(step.transaction()).await?;
    let letter = MemberLetter::SecretReplaced {
        by: caller.name.clone(),
        environment,
        ends,
        at_once: what.keep == 0,
    };
    letters::tell_owners(&step, &letter).await?;
    step.commit("secret_replaced", body).await?;
    Ok(secret)
}

/// The secret that the form being carried out made when it was sent before, so that a double click
/// does not lose it; none once it has been replaced.
///
/// # Errors
/// [`Error::NotFound`] to strangers.
pub async fn secret_made_before(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    environment: DataEnvironment,
) -> Result<Option<Secret>> {
    let desk_apart = desk.apart();
    let step = AppStep::begin(&desk_apart, caller, app, AppAct::ReplaceSecret).await?;
    let present = Pair::of(&step.app, environment)?.present;
    let secret = desk
        .sending()
        .map(|sending| Secret::made_by(desk, sending, &client_secret_of(app, environment)));
    Ok(secret.filter(|secret| present.is_some_and(|present| present.hash == secret.hash())))
}
