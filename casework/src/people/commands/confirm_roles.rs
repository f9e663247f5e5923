//! Confirm what another admin asked for, or refuse it.

use super::{
    invite_person::send_invitation,
    person_step::{PersonStep, conflict},
    role_request::{RequestKind, RequestState, admins},
};
use crate::{
    Caller, Desk, Error, Result,
    accounts::check_combination,
    audit::Subject,
    entities::{people, role_requests},
    input::input,
    policy::DeskAct,
    post::held,
    queries::audit::may,
    roles_from_words,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::PersonId;

input! {
    /// Which request is confirmed.
    pub struct ConfirmRolesInput for "confirm_roles" OnDesk {
        hidden request: Uuid;
    }
}

input! {
    /// Which request is refused or taken back, and why.
    pub struct RefuseRolesInput for "refuse_roles" OnDesk {
        hidden request: Uuid;
        typed reason: String = "Reason" up to 500;
    }
}

/// Gives the rights that were asked for; answers to whom.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when the account was changed
/// meanwhile or the request was decided; [`Error::Input`] on `request` to whoever asked, whom it
/// is about, and when whoever asked is no admin any more.
pub async fn confirm_roles(desk: &Desk, caller: &Caller, request: Uuid) -> Result<PersonId> {
    let (step, request) = begin(desk, caller, request).await?;
    let wrong = |text: &str| Err(Error::field("request", text));
    if request.asked_by == caller.person.0 {
        return wrong("You asked for this; another admin must confirm it.");
    }
    if request.person_id == caller.person.0 {
        return wrong("This is about your own account; another admin must confirm it.");
    }
    let admins = admins(step.transaction()).await?;
    if !admins.iter().any(|admin| admin.id == request.asked_by) {
        return wrong("Whoever asked for this is no admin any more; refuse it and ask anew.");
    }
    let kind = RequestKind::from_word(&request.kind).ok_or(Error::NotFound)?;
    let before = rights(&step.person);
    let after = roles_from_words(&request.roles);
    check_combination(&before, &after, &request.combination)?;
    decide(&step, caller, &request, RequestState::Confirmed).await?;
    step.write(people::ActiveModel {
        roles: Set(request.roles.clone()),
        disabled_at: match kind {
            RequestKind::Enabling => Set(None),
            RequestKind::Invitation | RequestKind::Roles => sea_orm::NotSet,
        },
        ..Default::default()
    })
    .await?;
    send_invitation(&step.step, step.person.id).await?;
    if kind == RequestKind::Enabling {
        held::release(step.transaction(), desk, &step.person).await?;
        step.step.has_letters();
    }
    let body = json!({
        // Named in the sentence.
        "person": request.asked_by,
        "kind": kind.word(),
        "combination": request.combination,
        "before": { "roles": before },
        "after": { "roles": after },
    });
    // An invitation has no other reason than what is held together.
    let reason = if request.reason.is_empty() {
        request.combination
    } else {
        request.reason
    };
    let PersonStep { mut step, person } = step;
    let subject = Subject::Person(person.id);
    step.append(subject, "roles_confirmed", body, reason);
    step.commit().await?;
    Ok(PersonId(person.id))
}

/// Refuses what another admin asked for; whoever asked takes it back in the same way. An account
/// that was only made for the invitation is disabled. Answers whom it was about.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when the request was decided
/// meanwhile; [`Error::Input`] on `reason`.
pub async fn refuse_roles(
    desk: &Desk,
    caller: &Caller,
    request: Uuid,
    reason: &str,
) -> Result<PersonId> {
    let (step, request) = begin(desk, caller, request).await?;
    let (state, name) = if request.asked_by == caller.person.0 {
        (RequestState::Withdrawn, "roles_withdrawn")
    } else {
        (RequestState::Refused, "roles_refused")
    };
    decide(&step, caller, &request, state).await?;
    if request.kind == RequestKind::Invitation.word() {
        step.write(people::ActiveModel {
            disabled_at: Set(Some(step.step.now.micros())),
            ..Default::default()
        })
        .await?;
    }
    let person = PersonId(step.person.id);
    let body = json!({
        "person": request.asked_by,
        "kind": request.kind,
        "after": { "roles": roles_from_words(&request.roles) },
    });
    step.commit(name, body, reason).await?;
    Ok(person)
}

/// What a person may do now: nothing while the account is disabled.
fn rights(person: &people::Model) -> BTreeSet<workflow::Role> {
    if person.disabled_at.is_some() {
        BTreeSet::new()
    } else {
        roles_from_words(&person.roles)
    }
}

async fn begin<'a>(
    desk: &'a Desk,
    caller: &'a Caller,
    request: Uuid,
) -> Result<(PersonStep<'a>, role_requests::Model)> {
    may(desk, caller, DeskAct::ManagePeople)?;
    let request = role_requests::Entity::find_by_id(request)
        .one(desk.database.read())
        .await?
        .ok_or(Error::NotFound)?;
    if request.ends_at <= desk.now().micros() {
        return Err(conflict());
    }
    let seen = u64::try_from(request.person_version).map_err(|_| Error::NotFound)?;
    let person = PersonId(request.person_id);
    let step = PersonStep::begin(desk, caller, person, seen).await?;
    Ok((step, request))
}

/// Notes the decision, if the request still waits.
async fn decide(
    step: &PersonStep<'_>,
    caller: &Caller,
    request: &role_requests::Model,
    state: RequestState,
) -> Result<()> {
    use role_requests::Column as C;
    let decided = role_requests::Entity::update_many()
        .col_expr(C::State, Expr::value(state.word()))
        .col_expr(C::DecidedBy, Expr::value(Some(caller.person.0)))
        .col_expr(C::DecidedAt, Expr::value(Some(step.step.now.micros())))
        .filter(C::Id.eq(request.id))
        .filter(C::State.eq(RequestState::Waiting.word()))
        .exec(step.transaction())
        .await?;
    if decided.rows_affected == 1 {
        Ok(())
    } else {
        Err(conflict())
    }
}
