//! Change what a member of an app may do.

use super::{Authority, app_step::AppStep, remove_member::keeps_an_owner};
use crate::{Caller, Desk, Error, Result};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::json;
use workflow::{AppId, PersonId};

/// Sets a member's authority.
///
/// # Errors
/// [`Error::NotFound`] to strangers and for people who are no members, [`Error::Forbidden`] to
/// members who do not own the app, [`Error::Input`] where no owner would be left.
pub async fn change_member(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    person: PersonId,
    authority: Authority,
) -> Result<()> {
    let step = AppStep::begin(desk, caller, app, "manage_members").await?;
    let member = step
        .members
        .iter()
        .find(|member| member.person_id == person.0)
        .cloned()
        .ok_or(Error::NotFound)?;
    let before = Authority {
        owner: member.owner,
        may_sign: member.may_sign,
    };
    if before == authority {
        return Ok(());
    }
    if !authority.owner {
        keeps_an_owner(&step.members, person)?;
    }
    let mut row = member.into_active_model();
    row.owner = Set(authority.owner);
    row.may_sign = Set(authority.may_sign);
    row.update(&step.transaction).await?;
    let body = json!({ "person": person, "before": before, "after": authority });
    step.commit(desk, caller, "member_changed", body).await
}
