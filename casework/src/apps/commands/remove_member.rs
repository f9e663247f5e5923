//! Remove a member from an app.

use super::{Authority, app_step::AppStep};
use crate::{Caller, Desk, Error, Result, entities::app_members};
use sea_orm::EntityTrait;
use serde_json::json;
use workflow::{AppId, PersonId};

/// Removes a member. What that person did stays on record.
///
/// # Errors
/// [`Error::NotFound`] to strangers and for people who are no members, [`Error::Forbidden`] to
/// members who do not own the app, [`Error::Input`] where no owner would be left.
pub async fn remove_member(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    person: PersonId,
) -> Result<()> {
    let step = AppStep::begin(desk, caller, app, "manage_members").await?;
    let member = step
        .members
        .iter()
        .find(|member| member.person_id == person.0)
        .ok_or(Error::NotFound)?;
    keeps_an_owner(&step.members, person)?;
    let before = Authority {
        owner: member.owner,
        may_sign: member.may_sign,
    };
    app_members::Entity::delete_by_id((app.0, person.0))
        .exec(&step.transaction)
        .await?;
    let body = json!({ "person": person, "before": before, "after": null });
    step.commit(desk, caller, "member_removed", body).await
}

/// Whether someone besides this person owns the app.
pub(super) fn keeps_an_owner(members: &[app_members::Model], without: PersonId) -> Result<()> {
    let kept = members
        .iter()
        .any(|member| member.owner && member.person_id != without.0);
    if kept {
        Ok(())
    } else {
        Err(Error::field(
            "person",
            "Person: an app keeps at least one owner; make someone else an owner first.",
        ))
    }
}
