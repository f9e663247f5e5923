//! Disable an account, and enable it again. A disabled person stays in the records; the name is
//! never given to anyone else (21 CFR 11.100).

use super::person_step::PersonStep;
use crate::{Caller, Desk, Error, Result, accounts::sign_out_everywhere};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::json;
use workflow::PersonId;

/// Disables an account and ends all its sessions at once.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`], [`Error::Input`].
pub async fn disable_person(
    desk: &Desk,
    caller: &Caller,
    person: PersonId,
    seen: u64,
    reason: &str,
) -> Result<()> {
    let step = PersonStep::begin(desk, caller, person, seen).await?;
    if caller.person == person {
        return Err(Error::field(
            "reason",
            "Another admin must disable your own account.",
        ));
    }
    if step.person.disabled_at.is_some() {
        return Err(Error::field("reason", "This account is disabled already."));
    }
    let mut row = step.person.clone().into_active_model();
    row.disabled_at = Set(Some(desk.now().micros()));
    row.version = Set(step.person.version + 1);
    row.update(&step.transaction).await?;
    sign_out_everywhere(&step.transaction, person.0).await?;
    let body = json!({ "before": { "disabled": false }, "after": { "disabled": true } });
    step.commit(desk, caller, "person_disabled", body, reason)
        .await
}

/// Lets a disabled person sign in again.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`], [`Error::Input`].
pub async fn enable_person(
    desk: &Desk,
    caller: &Caller,
    person: PersonId,
    seen: u64,
    reason: &str,
) -> Result<()> {
    let step = PersonStep::begin(desk, caller, person, seen).await?;
    if step.person.disabled_at.is_none() {
        return Err(Error::field("reason", "This account is not disabled."));
    }
    let mut row = step.person.clone().into_active_model();
    row.disabled_at = Set(None);
    row.version = Set(step.person.version + 1);
    row.update(&step.transaction).await?;
    let body = json!({ "before": { "disabled": true }, "after": { "disabled": false } });
    step.commit(desk, caller, "person_enabled", body, reason)
        .await
}
