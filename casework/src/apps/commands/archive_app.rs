//! Archive an app that nobody works with any more, and restore it.

use super::app_step::AppStep;
use crate::{
    Caller, Desk, Error, Result,
    apps::{
        invitations,
        letters::{self, MemberLetter},
    },
    entities::gallery_entries,
    input::input,
    partners::standing_of,
    policy::AppAct,
    text::fold,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set,
};
use serde_json::json;
use workflow::{AppId, partners::State as Partnership};

input! {
    /// Which app.
    pub struct ArchiveAppInput for "archive_app" OnDesk {
        hidden app: AppId;
        /// Its name, so that nobody archives one by a slip.
        typed name: String = "Name of the app" up to 80;
    }
}

input! {
    /// Which app.
    pub struct RestoreAppInput for "restore_app" OnDesk {
        hidden app: AppId;
    }
}

/// Archives an app: it keeps its record, its approvals and its members, and has no access to any
/// environment until it is restored.
///
/// # Errors
/// [`Error::NotFound`] to strangers, [`Error::Forbidden`] to members who do not own the app,
/// [`Error::Input`] where `name` is not the app's, and while an application is on its way, the app is
/// in the gallery, or it is a partner.
pub async fn archive_app(desk: &Desk, caller: &Caller, app: AppId, name: &str) -> Result<()> {
    let step = AppStep::begin(desk, caller, app, AppAct::ManageMembers).await?;
    if fold(name.trim()) != step.app.name_key {
        return Err(Error::field(
            "name",
            "Name of the app: write the name of this app, so that you archive no other.",
        ));
    }
    if let Some(why) = in_the_way(&step).await? {
        return Err(Error::field("", why));
    }
    let mut row = step.app.clone().into_active_model();
    row.archived_at = Set(Some(step.now.micros()));
    row.version = Set(step.app.version + 1);
    row.update(step.transaction()).await?;
    let letter = MemberLetter::Archived {
        by: caller.name.clone(),
    };
    letters::tell_members(&step, &[caller.person], &letter).await?;
    step.commit("app_archived", json!({ "before": false, "after": true }))
        .await
}

/// What must end before the app can be archived.
async fn in_the_way(step: &AppStep<'_>) -> Result<Option<String>> {
    let app = AppId(step.app.id);
    let open = invitations::open_cases(app).one(step.transaction()).await?;
    if let Some(open) = open {
        return Ok(Some(format!(
            "UD-{} is on its way: withdraw it, or wait for its end.",
            open.number
        )));
    }
    let public = gallery_entries::Entity::find()
        .filter(gallery_entries::Column::AppId.eq(app.0))
        .filter(gallery_entries::Column::PublicVersion.is_not_null())
        .count(step.transaction())
        .await?;
    if public > 0 {
        return Ok(Some(
            "The app is in the gallery: take its entry down first.".to_owned(),
        ));
    }
    let partner = standing_of(step.transaction(), app.0, step.now).await?;
    let is_none = matches!(
        partner.state,
        Partnership::None | Partnership::Declined | Partnership::Ended
    );
    Ok(
        (!is_none)
            .then(|| "The app is a partner, or applied to be one: end that first.".to_owned()),
    )
}

/// Takes an app out of the archive: what it had, it has again.
///
/// # Errors
/// [`Error::NotFound`] to strangers and where the app is not archived, [`Error::Forbidden`] to
/// members who do not own it.
pub async fn restore_app(desk: &Desk, caller: &Caller, app: AppId) -> Result<()> {
    let step = AppStep::begin_archived(desk, caller, app, AppAct::ManageMembers).await?;
    if step.app.archived_at.is_none() {
        return Err(Error::NotFound);
    }
    let mut row = step.app.clone().into_active_model();
    row.archived_at = Set(None);
    row.version = Set(step.app.version + 1);
    row.update(step.transaction()).await?;
    let letter = MemberLetter::Restored {
        by: caller.name.clone(),
    };
    letters::tell_members(&step, &[caller.person], &letter).await?;
    step.commit("app_restored", json!({ "before": true, "after": false }))
        .await
}
