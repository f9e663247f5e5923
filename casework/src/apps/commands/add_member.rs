//! Add a member to an app.

use super::app_step::AppStep;
use crate::{
    Caller, Desk, Error, Result,
    entities::{app_members, people},
    limits::{self, ADD_MEMBER},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;
use workflow::AppId;

/// What a member may do besides working on applications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// Manages members and the secret.
    pub owner: bool,
    /// Submits applications and, as owner, accepts agreements for the organisation.
    pub may_sign: bool,
}

/// The most members an app has.
const MOST_MEMBERS: usize = 50;

/// Adds the person with this username or email.
///
/// # Errors
/// [`Error::NotFound`] to strangers, [`Error::Forbidden`] to members who do not own the app,
/// [`Error::Input`] on the field `person`.
pub async fn add_member(
    desk: &Desk,
    caller: &Caller,
    app: AppId,
    person: &str,
    authority: Authority,
) -> Result<()> {
    limits::take(desk, &ADD_MEMBER, &caller.person.to_string()).await?;
    let step = AppStep::begin(desk, caller, app, "manage_members").await?;
    let key = crate::text::key(person);
    let email_key = crate::text::email_key(person);
    if key.is_empty() {
        return Err(Error::field(
            "person",
            "Person: write a username or an email address.",
        ));
    }
    let found = people::Entity::find()
        .filter(
            Condition::any()
                .add(people::Column::UsernameKey.eq(key.as_str()))
                .add(people::Column::EmailKey.eq(email_key)),
        )
        .filter(people::Column::DisabledAt.is_null())
        .filter(people::Column::EmailVerifiedAt.is_not_null())
        .one(&step.transaction)
        .await?;
    let Some(found) = found else {
        return Err(Error::field(
            "person",
            "Person: nobody with a verified account has this username or address; ask them to register first.",
        ));
    };
    if step
        .members
        .iter()
        .any(|member| member.person_id == found.id)
    {
        return Err(Error::field(
            "person",
            format!("Person: {} is a member already.", found.name),
        ));
    }
    if step.members.len() >= MOST_MEMBERS {
        return Err(Error::field(
            "person",
            format!("Person: an app has at most {MOST_MEMBERS} members."),
        ));
    }
    app_members::Entity::insert(app_members::ActiveModel {
        app_id: Set(app.0),
        person_id: Set(found.id),
        owner: Set(authority.owner),
        may_sign: Set(authority.may_sign),
        added_at: Set(desk.now().micros()),
    })
    .exec_without_returning(&step.transaction)
    .await?;
    let body = json!({
        "person": found.id,
        "before": null,
        "after": authority,
    });
    step.commit(desk, caller, "member_added", body).await
}
