//! Change a person's roles. Nobody changes their own: that takes a second person (separation of
//! duties), and no desk loses its last admin by a slip. Roles that decide, watch or make others
//! are given when a second admin has confirmed it.

use super::{
    invite_person::send_invitation,
    person_step::PersonStep,
    role_request::{Given, RequestKind, Wish},
};
use crate::{
    Caller, Desk, Error, Result, accounts::check_combination, entities::people, input::input,
    roles_from_words, words_from_roles,
};
use sea_orm::Set;
use serde_json::json;
use std::collections::BTreeSet;
use workflow::{PersonId, Role};

input! {
    /// The roles that a person has from now on.
    pub struct SetRolesInput for "set_roles" OnDesk {
        hidden person: PersonId;
        /// The version of the person's record that was looked at.
        hidden seen: u64;
        typed roles: BTreeSet<Role> = "Roles";
        typed reason: String = "Reason" up to 500;
        /// Why one person is to hold roles that are better held by two.
        typed combination: String = "Why together" up to 500;
    }
}

/// What is to become of a person's roles, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleChange {
    /// All that the person is to have.
    pub roles: BTreeSet<Role>,
    pub reason: String,
    /// Why one person is to hold roles that are better held by two.
    pub combination: String,
}

/// Gives a person exactly these roles, or asks a second admin for it; `seen` is the version of the
/// person that was looked at.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when someone else changed the
/// person meanwhile, [`Error::Input`] on the fields `roles`, `combination` and `reason`.
pub async fn set_roles(
    desk: &Desk,
    caller: &Caller,
    person: PersonId,
    change: &RoleChange,
    seen: u64,
) -> Result<Given> {
    let step = PersonStep::begin(desk, caller, person, seen).await?;
    let after = &change.roles;
    if caller.person == person {
        return Err(Error::field(
            "roles",
            "Roles: another admin must change your own roles.",
        ));
    }
    if after.is_empty() {
        return Err(Error::field(
            "roles",
            "Roles: choose at least one; to keep someone out, disable the account.",
        ));
    }
    let before = roles_from_words(&step.person.roles);
    if before == *after {
        return Err(Error::field("roles", "Roles: nothing was changed."));
    }
    let combination = check_combination(&before, after, &change.combination)?;
    let mut body = json!({ "before": { "roles": before }, "after": { "roles": after } });
    if !combination.is_empty() {
        body["combination"] = json!(combination);
    }
    let wish = Wish {
        kind: RequestKind::Roles,
        before: &before,
        after,
        reason: &change.reason,
        combination: &combination,
    };
    if wish.waits(desk) {
        wish.ask(desk, caller, &step).await?;
        step.commit("roles_requested", body, &change.reason).await?;
        return Ok(Given::Waits);
    }
    step.write(people::ActiveModel {
        roles: Set(words_from_roles(after)),
        ..Default::default()
    })
    .await?;
    if step.person.disabled_at.is_none() {
        send_invitation(&step.step, person.0).await?;
    }
    step.commit("roles_set", body, &change.reason).await?;
    Ok(Given::Now)
}
