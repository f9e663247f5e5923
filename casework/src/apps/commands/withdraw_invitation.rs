//! Withdraw an invitation that nobody has answered yet.

use super::app_step::AppStep;
use crate::{
    Caller, Desk, Error, Result, apps::invitations::State, entities::app_invitations, input::input,
    policy::AppAct,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;
use uuid::Uuid;
use workflow::AppId;

input! {
    /// Which invitation.
    pub struct WithdrawInvitationInput for "withdraw_invitation" OnDesk {
        hidden app: AppId;
        hidden invitation: Uuid;
    }
}

/// Withdraws an invitation, also one whose time is over.
///
/// # Errors
/// [`Error::NotFound`] to strangers and where no such invitation waits, [`Error::Forbidden`] to
/// members who do not own the app.
pub async fn withdraw_invitation(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    invitation: Uuid,
) -> Result<()> {
    let step = AppStep::begin(desk, caller, app, AppAct::ManageMembers).await?;
    let withdrawn = app_invitations::Entity::update_many()
        .set(app_invitations::ActiveModel {
            state: Set(State::Withdrawn.word().to_owned()),
            answered_at: Set(Some(step.now.micros())),
            ..Default::default()
        })
        .filter(app_invitations::Column::Id.eq(invitation))
        .filter(app_invitations::Column::AppId.eq(app.0))
        .filter(app_invitations::Column::State.eq(State::Waiting.word()))
        .exec(step.transaction())
        .await?;
    if withdrawn.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    let body = json!({ "invitation": invitation, "before": "waiting", "after": "withdrawn" });
    step.commit("invitation_withdrawn", body).await
}
