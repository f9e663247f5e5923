//! Registration: name, email, username, password and the Registered Developer Agreement make a
//! Registered Developer (seed: "Registration").

use super::{
    password,
    people::{self, NewPerson},
    throttle::{self, Limit},
    token::{self, Purpose},
};
use crate::{
    Desk, Error, Result, audit,
    entities::people as rows,
    people::{AccountLetter, post_to_person},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;
use std::collections::BTreeSet;
use time::Duration;
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
/// When the address already has an account nobody learns that here: its owner gets a mail that
/// says so.
///
/// # Errors
/// [`Error::Input`] with everything wrong at once; [`Error::Throttled`].
pub async fn register(desk: &Desk, new: Registration, address: &str) -> Result<()> {
    let limit = Limit {
        key: format!("register:{address}"),
        most: 20,
        within: Duration::hours(1),
    };
    throttle::check(desk, &limit).await?;
    let current = desk.reference.known().agreements.get("developer").copied();
    let mut problems = people::problems(&new.name, &new.username, &new.email);
    let about = [new.name.as_str(), &new.username, &new.email];
    let mut wrong = |field: &str, text: String| {
        problems.push(Problem {
            field: field.to_owned(),
            text,
        });
    };
    if let Some(text) = password::problem(&new.password, &about) {
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
            "Agreement: tick the box to accept the Registered Developer Agreement.".to_owned(),
        );
    } else if new.agreement != current {
        wrong(
            "agreement",
            "Agreement: a newer version is in force; read it, then tick the box.".to_owned(),
        );
    }
    if !problems.is_empty() {
        return Err(Error::Input { problems });
    }
    let hash = password::hash(new.password).await?;
    let transaction = desk.database.begin().await?;
    throttle::count(&transaction, &limit, desk.now()).await?;
    let known = rows::Entity::find()
        .filter(rows::Column::EmailKey.eq(people::key(&new.email)))
        .one(&transaction)
        .await?;
    if let Some(known) = known {
        post_to_person(
            &transaction,
            desk,
            &known.name,
            &known.email,
            AccountLetter::AlreadyRegistered,
        )
        .await?;
    } else {
        let agreement_version = new
            .agreement
            .and_then(|version| i32::try_from(version).ok());
        let person = people::add(
            &transaction,
            desk,
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
        let secret = token::issue(
            &transaction,
            person.id,
            &person.email,
            Purpose::VerifyEmail,
            desk.now(),
        )
        .await?;
        post_to_person(
            &transaction,
            desk,
            &person.name,
            &person.email,
            AccountLetter::VerifyEmail { secret },
        )
        .await?;
        let entry = people::entry(
            Some(workflow::PersonId(person.id)),
            person.id,
            "registered",
            json!({ "before": null, "after": { "username": person.username, "agreement_version": agreement_version } }),
        );
        audit::append(&transaction, desk.now(), desk.policy.version(), vec![entry]).await?;
    }
    transaction.commit().await?;
    desk.mail.notify_one();
    Ok(())
}

/// Notes that the holder of the link holds the address.
///
/// # Errors
/// [`Error::LinkExpired`].
pub async fn verify_email(desk: &Desk, secret: &str) -> Result<()> {
    let transaction = desk.database.begin().await?;
    let now = desk.now();
    let token = token::redeem(&transaction, secret, Purpose::VerifyEmail, now).await?;
    rows::Entity::update(rows::ActiveModel {
        id: Set(token.person_id),
        email_verified_at: Set(Some(now.micros())),
        ..Default::default()
    })
    .exec(&transaction)
    .await?;
    let entry = people::entry(
        Some(workflow::PersonId(token.person_id)),
        token.person_id,
        "email_verified",
        json!({}),
    );
    audit::append(&transaction, now, desk.policy.version(), vec![entry]).await?;
    transaction.commit().await?;
    Ok(())
}
