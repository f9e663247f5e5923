//! Registration: name, email, username, password and the Registered Developer Agreement make a
//! Registered Developer (seed: "Registration").

use super::{
    Origin, password,
    people::{self, NewPerson},
    token::{self, Purpose},
};
use crate::{
    By, Desk, Error, Lock, Result, Step,
    entities::{held_usernames, people as rows},
    limits::{self, LINK, REGISTER},
    people::{AccountLetter, LinkLetter, post_link, post_to_person},
    take,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde_json::json;
use std::collections::BTreeSet;
use workflow::{Role, form::Problem};

/// What a new developer types.
#[derive(Clone, Default)]
pub struct Registration {
    pub name: String,
    pub organisation: String,
    pub username: String,
    pub email: String,
    pub password: String,
    /// The version of the Registered Developer Agreement that was shown and accepted; none if the
    /// box was left unticked.
    pub agreement: Option<u32>,
}

/// Registers a developer and sends the link that verifies the address.
///
/// When the address already has an account nobody learns that here: the answer, the work, and what
/// becomes of the username are the same, and the owner gets a mail that says so.
///
/// # Errors
/// [`Error::Input`] with everything wrong at once; [`Error::Throttled`].
pub async fn register(desk: &Desk, mut new: Registration, address: &str) -> Result<()> {
    limits::take(desk, &REGISTER, &limits::network(address)).await?;
    let current = desk.reference.known().agreements.get("developer").copied();
    let mut problems = people::problems(&new.name, &new.username, &new.email, desk.local_parts());
    let about = [
        new.name.as_str(),
        &new.username,
        &new.email,
        &new.organisation,
    ];
    let mut wrong = |field: &str, text: String| {
        problems.push(Problem {
            field: field.to_owned(),
            text,
        });
    };
    if let Some(text) = password::problem(&new.password, &about).await? {
        wrong("password", text);
    }
    if workflow::text::line(&new.organisation).chars().count() > 200 {
        wrong(
            "organisation",
            "Organisation: use at most 200 characters.".to_owned(),
        );
    }
    if new.agreement.is_none() {
        wrong(
            "agreement",
            "Tick the box to accept the Registered Developer Agreement.".to_owned(),
        );
    } else if new.agreement != current {
        wrong(
            "agreement",
            "A newer version of it is in force; read it, then tick the box.".to_owned(),
        );
    }
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    let hash = password::hash(std::mem::take(&mut new.password)).await?;
    let mut step = Step::begin(desk, By::Nobody).await?;
    take(step.transaction(), Lock::Identity).await?;
    // First, and whether or not the address has an account.
    people::free_username(step.transaction(), &new.username).await?;
    let known = rows::Entity::find()
        .filter(rows::Column::EmailKey.eq(people::email_key(&new.email)))
        .one(step.transaction())
        .await?;
    match known {
        Some(known) => remind(&mut step, &known, &new.username).await?,
        None => admit(&mut step, new, hash).await?,
    }
    step.has_letters();
    step.commit().await?;
    Ok(())
}

/// Makes the account and writes the link that verifies its address.
async fn admit(step: &mut Step<'_>, new: Registration, hash: String) -> Result<()> {
    let agreement_version = new
        .agreement
        .and_then(|version| i32::try_from(version).ok());
    let person = people::add(
        step.transaction(),
        step.desk,
        NewPerson {
            name: new.name,
            username: new.username,
            email: new.email,
            organisation: new.organisation,
            roles: BTreeSet::from([Role::Developer]),
            password_hash: Some(hash),
            verified: false,
            agreement_version,
        },
    )
    .await?;
    post_link(
        step.transaction(),
        step.desk,
        &person,
        LinkLetter::VerifyEmail,
    )
    .await?;
    let entry = people::entry(
        Some(workflow::PersonId(person.id)),
        person.id,
        "registered",
        json!({ "before": null, "after": { "username": person.username, "agreement_version": agreement_version } }),
    );
    step.append_entry(entry);
    Ok(())
}

/// Tells the owner of an address that someone registered with it. The username is spent, as it
/// would be if the address were new: who asks for it again learns nothing.
async fn remind(step: &mut Step<'_>, known: &rows::Model, username: &str) -> Result<()> {
    held_usernames::ActiveModel {
        username_key: Set(people::key(username)),
        held_at: Set(step.now.micros()),
    }
    .insert(step.transaction())
    .await?;
    let letter = AccountLetter::AlreadyRegistered;
    post_to_person(step.transaction(), step.desk, known, letter).await?;
    // Whoever tried has not shown to be this person.
    let entry = people::entry(None, known.id, "registered_again", json!({}));
    step.append_entry(entry);
    Ok(())
}

/// Notes that the holder of the link holds the address.
///
/// # Errors
/// [`Error::LinkExpired`]; [`Error::Throttled`].
pub async fn verify_email(desk: &Desk, secret: &str, origin: &Origin) -> Result<()> {
    limits::take(desk, &LINK, &limits::network(&origin.address)).await?;
    let mut step = Step::begin(desk, By::Nobody).await?;
    let now = step.now;
    let person = token::redeem(step.transaction(), secret, Purpose::VerifyEmail, now).await?;
    let id = person.id;
    let mut row = person.into_active_model();
    row.email_verified_at = Set(Some(now.micros()));
    row.update(step.transaction()).await?;
    let by = workflow::PersonId(id);
    let entry = people::entry(Some(by), id, "email_verified", json!({}));
    step.append_entry(entry);
    step.commit().await?;
    Ok(())
}
