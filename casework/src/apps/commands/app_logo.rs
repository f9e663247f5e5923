//! Give an app a logo, and take it away: its bytes are read up to a limit, decoded and drawn anew
//! before the step itself.

use super::{app_step::AppStep, app_subject};
use crate::{
    Caller, Desk, Error, Result,
    apps::logo::folder_of,
    cases::queries::developer::readable_app,
    files::{clean_name, discard},
    images::{key_of, receive},
    input::input,
    limits::{self, GALLERY_IMAGES},
    policy::AppAct,
};
use bytes::Bytes;
use futures_util::Stream;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::json;
use workflow::{
    AppId,
    gallery::{Image, ImageKind},
};

input! {
    /// The form that adds a logo; the file itself is no text.
    pub struct AddLogoInput for "add_app_logo" OnDesk {
        keyed files: String = "Logo" after "" up to 0;
    }
}

input! {
    /// Which app loses its logo.
    pub struct RemoveLogoInput for "remove_app_logo" OnDesk {
        hidden app: AppId;
    }
}

/// The name of the field that takes the file, and of the path that it is sent to.
pub const LOGO_FIELD: &str = "app_logo";

/// Gives an app a logo, in place of the one before. `name` is the file's name as the browser sends
/// it, `bytes` its content as it arrives; nothing of a refused file is kept.
///
/// # Errors
/// [`Error::NotFound`] to strangers, [`Error::Forbidden`] to members who do not own the app,
/// [`Error::Input`] for a file that is too large, of too many pixels or of a kind that is not taken.
pub async fn add_app_logo<S, E>(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    name: &str,
    bytes: S,
) -> Result<()>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
{
    let (_, people) = readable_app(desk, caller, app).await?;
    let subject = app_subject(caller, &people);
    desk.policy
        .snapshot()
        .require(&subject, AppAct::ReplaceSecret)?;
    limits::take(desk, &GALLERY_IMAGES, &caller.person.to_string()).await?;
    let shown = clean_name(name);
    let received = receive(ImageKind::Logo, bytes).await?;
    let received = received.map_err(|text| Error::field(LOGO_FIELD, format!("{shown}: {text}")))?;
    let folder = folder_of(app.0);
    received.put(desk, &folder).await?;
    let saying = desk.saying(&[LOGO_FIELD, name, &received.sha256]);
    let outcome = keep(&saying, caller, app, Some(&received.image)).await;
    if outcome.is_err() {
        received.discard(desk, &folder).await;
    }
    match outcome {
        // The same file of the same form has been added already.
        Err(Error::Before) => Ok(()),
        other => other,
    }
}

/// Takes the logo of an app away.
///
/// # Errors
/// As [`add_app_logo`]; [`Error::NotFound`] where it has none.
pub async fn remove_app_logo(desk: &Desk, caller: &Caller, app: AppId) -> Result<()> {
    keep(desk, caller, app, None).await
}

async fn keep(desk: &Desk, caller: &Caller, app: AppId, logo: Option<&Image>) -> Result<()> {
    let step = AppStep::begin(desk, caller, app, AppAct::ReplaceSecret).await?;
    let before = step.app.logo()?;
    if logo.is_none() && before.is_none() {
        return Err(Error::NotFound);
    }
    let mut row = step.app.clone().into_active_model();
    // The version is that of what forms hold: a logo is in none, so one that is open is not out of date.
    row.logo = Set(logo.map(serde_json::to_string).transpose()?);
    row.update(step.transaction()).await?;
    let name = match logo {
        Some(_) => "app_logo_set",
        None => "app_logo_removed",
    };
    let hash = |image: Option<&Image>| image.map(|image| image.hash.clone());
    let body = json!({ "before": hash(before.as_ref()), "after": hash(logo) });
    step.commit(name, body).await?;
    if let Some(before) = before {
        // What stays by a mishap is swept: no app names it any more.
        for width in before.widths(ImageKind::Logo) {
            discard(desk, &key_of(&folder_of(app.0), &before, width)).await;
        }
    }
    Ok(())
}
