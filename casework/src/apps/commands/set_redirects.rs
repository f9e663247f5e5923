//! Say where users are sent back to after they have authorised an app.

use super::app_step::{AppStep, conflict};
use crate::{
    Caller, Desk, Error, Result,
    access::queries::DataEnvironment,
    apps::{
        letters::{MemberLetter, tell_owners},
        setup::Redirects,
    },
    input::input,
    policy::AppAct,
};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::json;
use workflow::{
    AppId,
    form::Problem,
    redirect::{self, LONGEST_REDIRECT},
    state::AccessLevel,
};

input! {
    /// The redirect URIs of an app in one environment.
    pub struct SetRedirectsInput for "set_redirects" OnDesk {
        hidden app: AppId;
        hidden environment: DataEnvironment;
        /// The version of the app that the person saw.
        hidden version: i64;
        typed uris: String = "Redirect URIs" up to 8_000;
    }
}

/// Sets the redirect URIs of one environment, one a line; `seen` is the version of the app that the
/// person looked at.
///
/// # Errors
/// [`Error::NotFound`] to strangers, [`Error::Forbidden`] to members who do not own the app,
/// [`Error::Input`], also before the app has access to that environment; [`Error::Conflict`] when
/// the app has changed since.
pub async fn set_redirects(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    environment: DataEnvironment,
    typed: &str,
    seen: i64,
) -> Result<()> {
    let step = AppStep::begin(desk, caller, app, AppAct::ReplaceSecret).await?;
    let uris = redirect::redirects(typed).map_err(|faults| Error::Input {
        problems: faults
            .into_iter()
            .map(|text| Problem {
                field: "uris".to_owned(),
                text: text.chars().take(LONGEST_REDIRECT).collect(),
            })
            .collect(),
    })?;
    has_environment(&step, environment, "uris")?;
    let mut redirects = Redirects::of(&step.app)?;
    let before = redirects.at(environment).to_vec();
    if before == uris {
        return Ok(());
    }
    if step.app.version != seen {
        drop(step);
        return Err(conflict(desk, app).await);
    }
    let body = json!({ "environment": environment.word(), "before": before, "after": uris });
    redirects.set(environment, uris);
    let mut row = step.app.clone().into_active_model();
    row.redirects = Set(Some(serde_json::to_string(&redirects)?));
    row.version = Set(step.app.version + 1);
    row.update(step.transaction()).await?;
    let letter = MemberLetter::RedirectsChanged {
        by: caller.name.clone(),
        environment,
    };
    tell_owners(&step, &letter).await?;
    step.commit("redirects_changed", body).await
}

/// Whether the app has something to set up in that environment: production comes with an approval.
pub(super) fn has_environment(
    step: &AppStep<'_>,
    environment: DataEnvironment,
    field: &str,
) -> Result<()> {
    let sandbox_alone = step.app.access_level()? == AccessLevel::Sandbox;
    if environment == DataEnvironment::Production && sandbox_alone {
        return Err(Error::field(
            field,
            "Production comes with Limited Access; until then set up the sandbox.",
        ));
    }
    Ok(())
}
