//! Archive an app that nobody works with any more, and restore it.

use super::app_step::AppStep;
use crate::{
    Caller, Desk, Error, Result,
    apps::{
        invitations,
        letters::{self, MemberLetter},
    },
    entities::{cases, gallery_entries},
    input::input,
    partners::standing_of,
    policy::AppAct,
    text::fold,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, Set,
};
use serde_json::json;
use workflow::{AppId, form::Problem, partners::State as Partnership};

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
    let problems = in_the_way(&step).await?;
    if !problems.is_empty() {
        return Err(Error::Input { problems });
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

/// Everything that must end before the app can be archived.
async fn in_the_way(step: &AppStep<'_>) -> Result<Vec<Problem>> {
    let app = AppId(step.app.id);
    let open = invitations::open_cases(app)
        .order_by_asc(cases::Column::Number)
        .all(step.transaction())
        .await?;
    let mut texts: Vec<String> = open
        .iter()
        .map(|open| {
            let number = open.number;
            format!("UD-{number} is on its way: withdraw it, or wait for its end.")
        })
        .collect();
    let public = gallery_entries::Entity::find()
        .filter(gallery_entries::Column::AppId.eq(app.0))
        .filter(gallery_entries::Column::PublicVersion.is_not_null())
        .count(step.transaction())
        .await?;
    if public > 0 {
        texts.push("The app is in the gallery: take its entry down first.".to_owned());
    }
    let partner = standing_of(step.transaction(), app.0, step.now).await?;
    if !matches!(
        partner.state,
        Partnership::None | Partnership::Declined | Partnership::Ended
    ) {
        texts.push("The app is a partner, or applied to be one: end that first.".to_owned());
    }
    let of_whole_form = |text| Problem {
        field: String::new(),
        text,
    };
    Ok(texts.into_iter().map(of_whole_form).collect())
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
