//! Change the own name, organisation and username.

use super::own_step::OwnStep;
use crate::{
    Caller, Desk, Error, Result,
    accounts::{self, verify_password},
    entities::{former_usernames, people},
    input::input,
    people::people::{free_username_for, key, name_problem, username_problem},
    text::{Limits, fold, line},
    typed,
};
use sea_orm::{EntityTrait, Set, sea_query::OnConflict};
use serde_json::json;

input! {
    /// Name and organisation.
    pub struct ChangeProfileInput for "change_profile" OnDesk {
        typed name: String = "Your name" up to 100;
        typed organisation: String = "Organisation" up to 200;
    }
}

input! {
    /// The new username, and the password.
    pub struct ChangeUsernameInput for "change_username" OnDesk {
        typed username: String = "Username" up to 40;
        secret password = "Password" up to accounts::LONGEST_PASSWORD;
    }
}

const ORGANISATION: Limits = Limits {
    field: "organisation",
    label: "Organisation",
    min: 0,
    max: 200,
};

/// Changes name and organisation. What was signed keeps the name of then.
///
/// # Errors
/// [`Error::Input`] on `name` and `organisation`.
pub async fn change_profile(
    desk: &Desk,
    caller: &Caller,
    name: &str,
    organisation: &str,
) -> Result<()> {
    let mut problems: Vec<_> = name_problem(name).into_iter().collect();
    let organisation = line(ORGANISATION, organisation, &mut problems);
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    let name = workflow::text::line(name);
    let step = OwnStep::begin(desk, caller).await?;
    let before = json!({ "name": step.person.name, "organisation": step.person.organisation });
    let after = json!({ "name": name, "organisation": organisation });
    people::Entity::update(people::ActiveModel {
        id: Set(step.person.id),
        name_key: Set(fold(&name)),
        name: Set(name),
        organisation_key: Set(fold(&organisation)),
        organisation: Set(organisation),
        ..Default::default()
    })
    .exec(step.transaction())
    .await?;
    let body = json!({ "before": before, "after": after });
    step.commit("profile_changed", body).await
}

/// Changes the username. The one before lets nobody in any more, and nobody else ever gets it
/// (21 CFR 11.100).
///
/// # Errors
/// [`Error::Input`] on `username` and `password`; [`Error::Throttled`].
pub async fn change_username(
    desk: &Desk,
    caller: &Caller,
    username: &str,
    password: &str,
) -> Result<()> {
    let problems = username_problem(username).into_iter().collect();
    let proof = verify_password(desk, caller, password).await;
    typed::both(typed::all_well(problems), proof)?;
    let username = workflow::text::line(username);
    let step = OwnStep::begin_alone(desk, caller).await?;
    let before = &step.person;
    if before.username == username {
        return Err(Error::field(
            "username",
            "Username: this is your username already.",
        ));
    }
    let new = key(&username);
    if before.username_key != new {
        free_username_for(step.transaction(), &username, Some(before.id)).await?;
        former_usernames::Entity::insert(former_usernames::ActiveModel {
            username_key: Set(before.username_key.clone()),
            person_id: Set(before.id),
            left_at: Set(step.step.now.micros()),
        })
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(step.transaction())
        .await?;
    }
    let body = json!({
        "before": { "username": before.username },
        "after": { "username": username },
    });
    people::Entity::update(people::ActiveModel {
        id: Set(before.id),
        username: Set(username),
        username_key: Set(new),
        ..Default::default()
    })
    .exec(step.transaction())
    .await?;
    step.commit("username_changed", body).await
}
