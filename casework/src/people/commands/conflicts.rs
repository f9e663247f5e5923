//! Declare a conflict of interest with an organisation, and withdraw it.

use crate::{
    By, Caller, Desk, Error, Result, Step,
    accounts::lock,
    audit::Subject,
    cases::commands::give_back_of,
    entities::declared_conflicts::{self, Column as C},
    input::input,
    people::conflicts::{Conflict, conflicts_of},
    policy::DeskAct,
    queries::audit::may,
    roles_from_words,
    text::{Limits, fold, line},
    typed::required,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;
use uuid::Uuid;
use workflow::PersonId;

input! {
    /// Who is in conflict of interest with which organisation.
    pub struct DeclareConflictInput for "declare_conflict" OnDesk {
        /// None for oneself.
        hidden person: Option<PersonId>;
        typed organisation: String = "Organisation" up to 200;
        typed reason: String = "Why" up to 500;
    }
}

input! {
    /// Which conflict stands no longer.
    pub struct WithdrawConflictInput for "withdraw_conflict" OnDesk {
        hidden conflict: Uuid;
        typed reason: String = "Why it stands no longer" up to 500;
    }
}

/// Declares it: from now on the person takes no step of ours on any app of the organisation, whenever
/// that was made, and what they hold of these apps goes back at once.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`]; [`Error::Input`] where it says nothing, or stands
/// already.
pub async fn declare_conflict(
    desk: &Desk,
    caller: &Caller,
    input: &DeclareConflictInput,
) -> Result<()> {
    let person = input.person.unwrap_or(caller.person);
    if person == caller.person {
        may(desk, caller, DeskAct::DeclareConflict)?;
    } else {
        may(desk, caller, DeskAct::ManageWorkload)?;
    }
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let row = lock(step.transaction(), person.0).await?;
    let roles = roles_from_words(&row.roles);
    if row.disabled_at.is_some() || !roles.iter().any(|role| role.is_staff()) {
        return Err(Error::NotFound);
    }
    let mut problems = Vec::new();
    let limits = Limits {
        field: "organisation",
        label: "Organisation",
        min: 2,
        max: 200,
    };
    let organisation = line(limits, &input.organisation, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    let reason = required("reason", "Why", &input.reason, "say it in a sentence.")?;
    let key = fold(&organisation);
    let standing = conflicts_of(step.transaction(), person).await?;
    if standing.iter().any(|one| fold(&one.organisation) == key) {
        return Err(Error::field(
            "organisation",
            "Organisation: this conflict is declared already.",
        ));
    }
    declared_conflicts::Entity::insert(declared_conflicts::ActiveModel {
        id: Set(Uuid::now_v7()),
        person_id: Set(person.0),
        organisation: Set(organisation.clone()),
        organisation_key: Set(key),
        reason: Set(reason.clone()),
        declared_by: Set(caller.person.0),
        declared_at: Set(step.now.micros()),
        withdrawn_by: Set(None),
        withdrawn_at: Set(None),
    })
    .exec_without_returning(step.transaction())
    .await?;
    let body = json!({ "person": person, "organisation": organisation });
    let subject = Subject::Person(person.0);
    step.append(subject, "conflict_declared", body, reason);
    step.commit().await?;
    give_back_of(desk, person).await?;
    Ok(())
}

/// Withdraws it. Nobody does so for themself.
///
/// # Errors
/// [`Error::Forbidden`] also to the person; [`Error::NotFound`]; [`Error::Input`] on `reason`.
pub async fn withdraw_conflict(
    desk: &Desk,
    caller: &Caller,
    conflict: Uuid,
    reason: &str,
) -> Result<PersonId> {
    may(desk, caller, DeskAct::ManageWorkload)?;
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let found = declared_conflicts::Entity::find_by_id(conflict)
        .filter(C::WithdrawnAt.is_null())
        .one(step.transaction())
        .await?
        .map(Conflict::from)
        .ok_or(Error::NotFound)?;
    if found.person == caller.person {
        return Err(Error::forbidden("own_conflict"));
    }
    let reason = required(
        "reason",
        "Why it stands no longer",
        reason,
        "say it in a sentence.",
    )?;
    declared_conflicts::Entity::update(declared_conflicts::ActiveModel {
        id: Set(found.id),
        withdrawn_by: Set(Some(caller.person.0)),
        withdrawn_at: Set(Some(step.now.micros())),
        ..Default::default()
    })
    .exec(step.transaction())
    .await?;
    let body = json!({ "person": found.person, "organisation": found.organisation });
    let subject = Subject::Person(found.person.0);
    step.append(subject, "conflict_withdrawn", body, reason);
    step.commit().await?;
    Ok(found.person)
}
