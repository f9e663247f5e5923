//! Remove a member from an app.

use super::{Authority, app_step::AppStep};
use crate::{
    Caller, Desk, Error, Result, accounts,
    apps::letters::{self, MemberLetter},
    entities::{app_members, people},
    input::input,
    policy::AppAct,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set,
};
use serde_json::json;
use workflow::{AppId, PersonId};

input! {
    /// Which member.
    pub struct RemoveMemberInput for "remove_member" OnDesk {
        hidden app: AppId;
        hidden member: PersonId;
    }
}

/// Ends someone's membership. Who was a member stays on record, and in conflict of interest.
///
/// # Errors
/// [`Error::NotFound`] to strangers and for people who are no members, [`Error::Forbidden`] to
/// members who do not own the app, [`Error::Input`] where no owner with authority to sign would be
/// left.
pub async fn remove_member(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    person: PersonId,
) -> Result<()> {
    let step = AppStep::begin(desk, caller, app, AppAct::ManageMembers).await?;
    end_membership(caller, step, person, "member_removed").await
}

/// Ends a membership with the event of this name, and tells those concerned.
pub(super) async fn end_membership(
    caller: &Caller,
    step: AppStep<'_>,
    person: PersonId,
    event: &'static str,
) -> Result<()> {
    let member = step.people.member(person).cloned().ok_or(Error::NotFound)?;
    if member.owner {
        keeps_an_owner(&step, person).await?;
    }
    let before = Authority::of(&member);
    let version = member.version + 1;
    let mut row: app_members::ActiveModel = member.into_active_model();
    row.owner = Set(false);
    row.may_sign = Set(false);
    row.left_at = Set(Some(step.now.micros()));
    row.version = Set(version);
    row.update(step.transaction()).await?;
    let concerned = accounts::find(step.transaction(), person).await?;
    let (by, name) = (caller.name.clone(), concerned.name.clone());
    let (told, letter) = if caller.person == person {
        (None, MemberLetter::Left { name })
    } else {
        (
            Some(&concerned),
            MemberLetter::Removed {
                by: by.clone(),
                name,
            },
        )
    };
    letters::tell_members(&step, &[caller.person, person], &letter).await?;
    if let Some(concerned) = told.filter(|person| person.closed_at.is_none()) {
        let letter = MemberLetter::YouWereRemoved { by };
        letters::post_to_members(&step, &[concerned], &letter).await?;
    }
    let body = json!({ "person": person, "before": before, "after": null });
    step.commit(event, body).await
}

/// Whether someone besides this person owns the app, may sign for it and can sign in.
pub(crate) async fn keeps_an_owner(step: &AppStep<'_>, without: PersonId) -> Result<()> {
    let others = step
        .people
        .members()
        .filter(|member| Authority::of(member).leads() && member.person_id != without.0)
        .map(|member| member.person_id);
    let kept = people::Entity::find()
        .filter(people::Column::Id.is_in(others))
        .filter(people::Column::DisabledAt.is_null())
        .count(step.transaction())
        .await?;
    if kept > 0 {
        Ok(())
    } else {
        Err(Error::field(
            "person",
            "Person: an app keeps at least one owner with authority to sign; give both to someone else first.",
        ))
    }
}
