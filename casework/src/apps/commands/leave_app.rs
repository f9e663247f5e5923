//! Leave an app: a member ends the own membership.

use super::{app_step::AppStep, remove_member::end_membership};
use crate::{Caller, Desk, Result, input::input, policy::AppAct};
use workflow::AppId;

input! {
    /// Which app.
    pub struct LeaveAppInput for "leave_app" OnDesk {
        hidden app: AppId;
    }
}

/// Ends the caller's own membership; any member may, at any time.
///
/// # Errors
/// [`crate::Error::NotFound`] to those who are no members; [`crate::Error::Input`] to the last
/// owner with authority to sign.
pub async fn leave_app(desk: &Desk, caller: &Caller, app: AppId) -> Result<()> {
    let step = AppStep::begin(desk, caller, app, AppAct::Leave).await?;
    end_membership(caller, step, caller.person, "member_left").await
}
