//! Answer an invitation to become a member of an app.

use super::{
    Authority,
    app_step::{ARCHIVED, AppStep},
    offer_ownership::move_ownership,
};
use crate::{
    By, Caller, Desk, Error, Result, Step,
    apps::{
        invitations::{self, MOST_MEMBERS, State},
        letters::{self, MemberLetter},
    },
    entities::{app_invitations, app_members},
    input::input,
    words::day,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set,
};
use serde_json::json;
use uuid::Uuid;
use workflow::{AppId, PersonId, Timestamp};

input! {
    /// Which invitation is accepted.
    pub struct AcceptMembershipInput for "accept_membership" OnDesk {
        hidden invitation: Uuid;
    }
}

input! {
    /// Which invitation is declined.
    pub struct DeclineMembershipInput for "decline_membership" OnDesk {
        hidden invitation: Uuid;
    }
}

/// What the person invited says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Accept,
    Decline,
}

/// Accepts or declines; answers whose app it is. Until it is accepted an invitation gives no right
/// and causes no conflict of interest.
///
/// # Errors
/// [`Error::NotFound`] to everybody but the one who is invited, and once it has been answered or
/// withdrawn. When accepting, [`Error::Input`] where its time is over, where the person works on an
/// open case of the app or let it in, and where the app has its most members.
pub async fn answer_invitation(
    desk: &Desk,
    caller: &Caller,
    invitation: Uuid,
    answer: Answer,
) -> Result<AppId> {
    let mine = invitations::addressed_to(desk.database.read(), caller)
        .await?
        .filter(app_invitations::Column::Id.eq(invitation));
    let seen = mine.clone().one(desk.database.read()).await?;
    let app = AppId(seen.ok_or(Error::NotFound)?.app_id);
    let step = Step::begin(desk, By::Person(caller)).await?;
    // The cases before the app, as steps on a case lock them: whoever takes a seat at this moment
    // comes wholly before or wholly after.
    let cases = invitations::cases_of(app)
        .lock_exclusive()
        .all(step.transaction())
        .await?;
    let step = AppStep::begin_invited(step, caller, app).await?;
    let row = mine.one(step.transaction()).await?.ok_or(Error::NotFound)?;
    let now = step.now;
    if answer == Answer::Decline {
        close(&step, &row, State::Declined, now).await?;
        let body = json!({ "invitation": row.id, "before": "waiting", "after": "declined" });
        step.commit("invitation_declined", body).await?;
        return Ok(app);
    }
    let not_now = |why: String| Err(Error::field("", why));
    if step.app.archived_at.is_some() {
        return not_now(ARCHIVED.to_owned());
    }
    if row.expires_at <= now.micros() {
        let until = day(Timestamp::from_micros(row.expires_at));
        return not_now(format!(
            "This invitation held until {until}. Ask the app's owner for a new one."
        ));
    }
    let staff = !caller.roles.is_empty();
    if let Some(obstacle) = invitations::obstacle_in(&cases, caller.person, staff)? {
        return not_now(obstacle.words());
    }
    if let Some(from) = row.from_owner_id {
        move_ownership(&step, caller, PersonId(from)).await?;
        close(&step, &row, State::Accepted, now).await?;
        let body = json!({
            "invitation": row.id,
            "person": caller.person,
            "before": from,
            "after": caller.person,
        });
        step.commit("ownership_moved", body).await?;
        return Ok(app);
    }
    if step.people.members().count() >= MOST_MEMBERS {
        return not_now(format!(
            "This app has {MOST_MEMBERS} members, which is the most. Ask its owner to make room."
        ));
    }
    join(&step, caller, &row, now).await?;
    close(&step, &row, State::Accepted, now).await?;
    let letter = MemberLetter::Joined {
        name: caller.name.clone(),
    };
    letters::tell_members(&step, &[caller.person], &letter).await?;
    let authority = Authority {
        owner: row.owner,
        may_sign: row.may_sign,
    };
    let body = json!({
        "invitation": row.id,
        "person": caller.person,
        "before": null,
        "after": authority,
    });
    step.commit("member_joined", body).await?;
    Ok(app)
}

/// Writes the membership; whoever was a member before has a row already.
async fn join(
    step: &AppStep<'_>,
    caller: &Caller,
    invitation: &app_invitations::Model,
    now: Timestamp,
) -> Result<()> {
    let earlier = step.people.row(caller.person);
    let member = app_members::Model {
        app_id: step.app.id,
        person_id: caller.person.0,
        owner: invitation.owner,
        may_sign: invitation.may_sign,
        added_at: now.micros(),
        left_at: None,
        version: earlier.map_or(0, |row| row.version) + 1,
    };
    let member = member.into_active_model().reset_all();
    if earlier.is_some() {
        member.update(step.transaction()).await?;
    } else {
        app_members::Entity::insert(member)
            .exec_without_returning(step.transaction())
            .await?;
    }
    Ok(())
}

/// Ends an invitation, and those made to the same account under its other name.
async fn close(
    step: &AppStep<'_>,
    invitation: &app_invitations::Model,
    state: State,
    now: Timestamp,
) -> Result<()> {
    let mut same = sea_orm::Condition::any().add(app_invitations::Column::Id.eq(invitation.id));
    if let Some(person) = invitation.person_id {
        same = same.add(app_invitations::Column::PersonId.eq(person));
    }
    app_invitations::Entity::update_many()
        .set(app_invitations::ActiveModel {
            state: Set(state.word().to_owned()),
            answered_at: Set(Some(now.micros())),
            ..Default::default()
        })
        .filter(same)
        .filter(app_invitations::Column::AppId.eq(step.app.id))
        .filter(app_invitations::Column::State.eq(State::Waiting.word()))
        .exec(step.transaction())
        .await?;
    Ok(())
}
