//! Disable an account, and enable it again. A disabled person stays in the records; the name is
//! never given to anyone else (21 CFR 11.100).

use super::{
    invite_person::send_invitation,
    person_step::PersonStep,
    role_request::{Given, RequestKind, Wish},
};
use crate::{
    Caller, Desk, Error, Result, accounts::check_combination, entities::people, input::input,
    post::held, roles_from_words,
};
use sea_orm::Set;
use serde_json::json;
use std::collections::BTreeSet;
use workflow::PersonId;

input! {
    /// Whose account ends, and why.
    pub struct DisablePersonInput for "disable_person" OnDesk {
        hidden person: PersonId;
        /// The version of the person's record that was looked at.
        hidden seen: u64;
        typed reason: String = "Reason" up to 500;
    }
}

input! {
    /// Whose account is opened again, and why.
    pub struct EnablePersonInput for "enable_person" OnDesk {
        hidden person: PersonId;
        /// The version of the person's record that was looked at.
        hidden seen: u64;
        typed reason: String = "Reason" up to 500;
    }
}

/// Disables an account and ends all its sessions and links at once.
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
    step.write(people::ActiveModel {
        disabled_at: Set(Some(step.step.now.micros())),
        ..Default::default()
    })
    .await?;
    let body = json!({ "before": { "disabled": false }, "after": { "disabled": true } });
    step.commit("person_disabled", body, reason).await
}

/// Lets a disabled person sign in again, or asks a second admin for it where the account holds roles
/// that one admin alone does not give.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`], [`Error::Input`].
pub async fn enable_person(
    desk: &Desk,
    caller: &Caller,
    person: PersonId,
    seen: u64,
    reason: &str,
) -> Result<Given> {
    let step = PersonStep::begin(desk, caller, person, seen).await?;
    if step.person.disabled_at.is_none() {
        return Err(Error::field("reason", "This account is not disabled."));
    }
    if step.person.closed_at.is_some() {
        return Err(Error::field(
            "reason",
            "Its owner closed this account; nobody opens it again.",
        ));
    }
    let roles = roles_from_words(&step.person.roles);
    // A disabled account can do nothing: all that it holds is given anew. The reason to enable it
    // is also the reason for what it holds together.
    check_combination(&BTreeSet::new(), &roles, reason)?;
    let body = json!({
        "before": { "disabled": true },
        "after": { "disabled": false, "roles": roles },
    });
    let wish = Wish {
        kind: RequestKind::Enabling,
        before: &BTreeSet::new(),
        after: &roles,
        reason,
        combination: reason.trim(),
    };
    if wish.waits(desk) {
        wish.ask(desk, caller, &step).await?;
        step.commit("enabling_requested", body, reason).await?;
        return Ok(Given::Waits);
    }
    step.write(people::ActiveModel {
        disabled_at: Set(None),
        ..Default::default()
    })
    .await?;
    send_invitation(&step.step, person.0).await?;
    held::release(step.transaction(), desk, &step.person).await?;
    step.step.has_letters();
    step.commit("person_enabled", body, reason).await?;
    Ok(Given::Now)
}
