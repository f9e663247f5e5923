//! Hand an app over: an owner offers the own place to another member, who accepts or declines it
//! as any invitation. Until then nothing changes.

use super::app_step::AppStep;
use crate::{
    Caller, Desk, Error, Result, accounts,
    apps::{
        invitations::{self, State},
        letters::{self, MemberLetter},
    },
    entities::{app_invitations, app_members, cases},
    input::input,
    policy::AppAct,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set,
};
use serde_json::json;
use time::Duration;
use uuid::Uuid;
use workflow::{AppId, PersonId, state::StateKind};

input! {
    /// To whom.
    pub struct OfferOwnershipInput for "offer_ownership" OnDesk {
        hidden app: AppId;
        typed member: Option<PersonId> = "Who takes over";
    }
}

/// Offers the caller's place as owner to a member. With it goes the authority to sign; the caller
/// stays a member.
///
/// # Errors
/// [`Error::NotFound`] to strangers and for people who are no members, [`Error::Forbidden`] to
/// members who do not own the app, [`Error::Input`] where an offer waits, and while an agreement
/// waits for an owner's signature.
pub async fn offer_ownership(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    member: Option<PersonId>,
) -> Result<()> {
    let step = AppStep::begin(desk, caller, app, AppAct::ManageMembers).await?;
    let Some(member) = member else {
        return Err(Error::field("member", "Who takes over: choose a member."));
    };
    if member == caller.person {
        return Err(Error::field(
            "member",
            "Who takes over: choose somebody else.",
        ));
    }
    step.people.member(member).ok_or(Error::NotFound)?;
    signature_waits(step.transaction(), app).await?;
    let now = step.now;
    let waiting = invitations::waiting(step.transaction(), app, now).await?;
    let clash = |row: &app_invitations::Model| {
        row.from_owner_id == Some(caller.person.0) || row.person_id == Some(member.0)
    };
    if waiting.iter().any(clash) {
        return Err(Error::field(
            "member",
            "Who takes over: an offer is waiting for its answer; withdraw it first.",
        ));
    }
    let person = accounts::find(step.transaction(), member).await?;
    if person.disabled_at.is_some() {
        return Err(Error::field(
            "member",
            "Who takes over: this account is disabled.",
        ));
    }
    let key = accounts::key(&person.username);
    invitations::expire(step.transaction(), app, &key).await?;
    let days = i64::from(desk.reference.known().settings.invitation_days);
    let until = now.plus(Duration::days(days));
    let row = app_invitations::Model {
        id: Uuid::now_v7(),
        app_id: app.0,
        person_id: Some(member.0),
        address: person.username.clone(),
        address_key: key,
        owner: true,
        may_sign: true,
        invited_by: caller.person.0,
        invited_at: now.micros(),
        expires_at: until.micros(),
        state: State::Waiting.word().to_owned(),
        answered_at: None,
        from_owner_id: Some(caller.person.0),
    };
    let letter = MemberLetter::Offered {
        invitation: row.id,
        by: caller.name.clone(),
        until,
    };
    letters::post_to_members(&step, &[&person], &letter).await?;
    let body =
        json!({ "invitation": row.id, "person": member, "before": null, "after": "offered" });
    app_invitations::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    step.commit("ownership_offered", body).await
}

/// Refuses while an agreement waits for the signature of an owner: who signs stays who was asked.
async fn signature_waits(connection: &impl ConnectionTrait, app: AppId) -> Result<()> {
    let waits = invitations::open_cases(app)
        .filter(cases::Column::State.eq(StateKind::Agreement.word()))
        .one(connection)
        .await?;
    match waits {
        Some(case) => Err(Error::field(
            "member",
            format!(
                "The agreement of UD-{} waits for an owner's signature. Hand the app over before that, or once it is signed.",
                case.number
            ),
        )),
        None => Ok(()),
    }
}

/// Moves the place: the one who accepted owns and signs, the one who gave it away is a member. The
/// app has an owner at every moment, for both rows change in one transaction.
///
/// # Errors
/// [`Error::NotFound`] where one of the two is no member any more, or the giver no owner;
/// [`Error::Input`] while an agreement waits for an owner's signature.
pub(super) async fn move_ownership(
    step: &AppStep<'_>,
    caller: &Caller,
    from: PersonId,
) -> Result<()> {
    let gone = || Error::field("", "Whoever offered this does not own the app any more.");
    let taker = step.people.member(caller.person).ok_or(Error::NotFound)?;
    let giver = step
        .people
        .member(from)
        .filter(|giver| giver.owner)
        .ok_or_else(gone)?;
    signature_waits(step.transaction(), AppId(step.app.id)).await?;
    for (row, holds) in [(taker, true), (giver, false)] {
        let version = row.version + 1;
        let mut row: app_members::ActiveModel = row.clone().into_active_model();
        row.owner = Set(holds);
        row.may_sign = Set(holds);
        row.version = Set(version);
        row.update(step.transaction()).await?;
    }
    let letter = MemberLetter::HandedOver {
        from: accounts::find(step.transaction(), from).await?.name,
        to: caller.name.clone(),
    };
    letters::tell_members(step, &[caller.person], &letter).await
}
