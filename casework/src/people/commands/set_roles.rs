//! Change a person's roles. Nobody changes their own: that takes a second person (separation of
//! duties), and no desk loses its last admin by a slip.

use super::person_step::PersonStep;
use crate::{Caller, Desk, Error, Result, words_from_roles};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde_json::json;
use std::collections::BTreeSet;
use workflow::{PersonId, Role};

/// Gives a person exactly these roles; `seen` is the version of the person that was looked at.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Conflict`] when someone else changed the
/// person meanwhile, [`Error::Input`] on the field `roles`.
pub async fn set_roles(
    desk: &Desk,
    caller: &Caller,
    person: PersonId,
    roles: BTreeSet<Role>,
    seen: u64,
    reason: &str,
) -> Result<()> {
    let step = PersonStep::begin(desk, caller, person, seen).await?;
    if caller.person == person {
        return Err(Error::field(
            "roles",
            "Roles: another admin must change your own roles.",
        ));
    }
    if roles.is_empty() {
        return Err(Error::field(
            "roles",
            "Roles: choose at least one; to keep someone out, disable the account.",
        ));
    }
    let before = crate::roles_from_words(&step.person.roles);
    if before == roles {
        return Err(Error::field("roles", "Roles: nothing was changed."));
    }
    let mut row = step.person.clone().into_active_model();
    row.roles = Set(words_from_roles(&roles));
    row.version = Set(step.person.version + 1);
    row.update(&step.transaction).await?;
    let body = json!({ "before": { "roles": before }, "after": { "roles": roles } });
    step.commit(desk, caller, "roles_set", body, reason).await
}
