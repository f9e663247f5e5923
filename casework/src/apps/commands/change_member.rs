//! Change what a member of an app may do.

use super::{
    Authority,
    app_step::{AppStep, conflict},
    remove_member::keeps_an_owner,
};
use crate::{
    Caller, Desk, Error, Result, accounts,
    apps::letters::{self, MemberLetter},
    input::input,
    policy::AppAct,
};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::json;
use workflow::{AppId, PersonId};

input! {
    /// What a member may do.
    pub struct ChangeMemberInput for "change_member" OnDesk {
        hidden app: AppId;
        hidden member: PersonId;
        /// The version of the membership that was looked at.
        hidden version: i64;
        typed owner: bool = "Owner: manages members and the secret";
        typed may_sign: bool = "Has authority to submit and sign for the organisation";
    }
}

/// Sets a member's authority; `seen` is the version of the membership that the person looked at.
///
/// # Errors
/// [`Error::NotFound`] to strangers and for people who are no members, [`Error::Forbidden`] to
/// members who do not own the app, [`Error::Conflict`] when the membership has changed since,
/// [`Error::Input`] where no owner with authority to sign would be left.
pub async fn change_member(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    person: PersonId,
    authority: Authority,
    seen: i64,
) -> Result<()> {
    let step = AppStep::begin(desk, caller, app, AppAct::ManageMembers).await?;
    let member = step.people.member(person).cloned().ok_or(Error::NotFound)?;
    let before = Authority::of(&member);
    if before == authority {
        return Ok(());
    }
    if member.version != seen {
        drop(step);
        return Err(conflict(desk, app).await);
    }
    if before.owner && !authority.leads() {
        keeps_an_owner(&step, person).await?;
    }
    let version = member.version + 1;
    let mut row = member.into_active_model();
    row.owner = Set(authority.owner);
    row.may_sign = Set(authority.may_sign);
    row.version = Set(version);
    row.update(step.transaction()).await?;
    let letter = MemberLetter::Changed {
        name: accounts::find(step.transaction(), person).await?.name,
        now: authority.in_words().to_owned(),
    };
    letters::tell_members(&step, &[caller.person], &letter).await?;
    let body = json!({ "person": person, "before": before, "after": authority });
    step.commit("member_changed", body).await?;
    Ok(())
}
