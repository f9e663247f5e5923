//! Invite a person: an account without a password, and a single-use link under which it is chosen.

use crate::{
    Caller, Desk, Error, Result,
    accounts::{NewPerson, Purpose, add, issue_link, person_problems},
    audit::{self, Entry, Subject},
    people::{AccountLetter, post_to_person},
    queries::audit::may,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use std::collections::BTreeSet;
use workflow::{Actor, PersonId, Role, form::Problem};

/// Who is to be invited, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invitation {
    pub name: String,
    pub username: String,
    pub email: String,
    pub organisation: String,
    pub roles: BTreeSet<Role>,
}

/// Makes the account and writes the letter; answers the new person.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Input`] with everything wrong at once.
pub async fn invite_person(desk: &Desk, caller: &Caller, new: Invitation) -> Result<PersonId> {
    may(desk, caller, "manage_people")?;
    let mut problems = person_problems(&new.name, &new.username, &new.email);
    let mut wrong = |field: &str, text: &str| {
        problems.push(Problem {
            field: field.to_owned(),
            text: text.to_owned(),
        });
    };
    if new.roles.is_empty() {
        wrong("roles", "Roles: choose at least one.");
    }
    if workflow::text::line(&new.organisation).chars().count() > 200 {
        wrong("organisation", "Organisation: use at most 200 characters.");
    }
    let transaction = desk.database.begin().await?;
    let known = crate::entities::people::Entity::find()
        .filter(crate::entities::people::Column::EmailKey.eq(crate::text::key(&new.email)))
        .count(&transaction)
        .await?;
    if known > 0 {
        wrong(
            "email",
            "Email: this address has an account; change its roles instead.",
        );
    }
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    let roles = new.roles.clone();
    let person = add(
        &transaction,
        desk,
        NewPerson {
            name: new.name,
            username: new.username,
            email: new.email,
            organisation: new.organisation,
            roles: new.roles,
            ..Default::default()
        },
    )
    .await?;
    let secret = issue_link(
        &transaction,
        person.id,
        &person.email,
        Purpose::Invitation,
        desk.now(),
    )
    .await?;
    post_to_person(
        &transaction,
        desk,
        &person.name,
        &person.email,
        AccountLetter::Invitation {
            secret,
            by: caller.name.clone(),
            roles: roles.iter().copied().collect(),
        },
    )
    .await?;
    let entry = Entry {
        actor: Some(Actor::Person(caller.person)),
        subject: Subject::Person(person.id),
        name: "person_invited",
        body: json!({
            "before": null,
            "after": { "username": person.username, "roles": roles },
        }),
        reason: String::new(),
    };
    audit::append(&transaction, desk.now(), desk.policy.version(), vec![entry]).await?;
    transaction.commit().await?;
    desk.mail.notify_one();
    Ok(PersonId(person.id))
}
