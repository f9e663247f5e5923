//! Edit an app's name, organisation, description and website.

use super::{
    AppText,
    app_step::{AppStep, conflict},
};
use crate::{Caller, Desk, Result, input::input, policy::AppAct, text::fold};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::json;
use workflow::AppId;

input! {
    /// An app's new texts.
    pub struct EditAppInput for "edit_app" OnDesk {
        hidden app: AppId;
        /// The version of the app that the person saw.
        hidden version: i64;
        typed name: String = "Name" up to 80;
        typed organisation: String = "Organisation" up to 200;
        typed description: String = "Description" up to 2_000;
        typed website: String = "Website" up to 300;
    }
}

/// Edits an app; `seen` is the version of the app that the person looked at.
///
/// # Errors
/// [`crate::Error::NotFound`] to strangers, [`crate::Error::Input`], [`crate::Error::Conflict`]
/// when the app has changed since.
pub async fn edit_app(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    text: &AppText,
    seen: i64,
) -> Result<()> {
    let mut step = AppStep::begin(desk, caller, app, AppAct::Edit).await?;
    let text = text.checked()?;
    let before = AppText {
        name: step.app.name.clone(),
        organisation: step.app.organisation.clone(),
        description: step.app.description.clone(),
        website: step.app.website.clone(),
    };
    if before == text {
        return Ok(());
    }
    if step.app.version != seen {
        drop(step);
        return Err(conflict(desk, app).await);
    }
    let body = json!({ "before": before, "after": text });
    let mut row = step.app.clone().into_active_model();
    row.name_key = Set(fold(&text.name));
    row.name = Set(text.name);
    row.organisation_key = Set(fold(&text.organisation));
    row.organisation = Set(text.organisation);
    row.description = Set(text.description);
    row.website = Set(text.website);
    row.version = Set(step.app.version + 1);
    row.update(step.transaction()).await?;
    step.renames();
    step.commit("app_edited", body).await
}
