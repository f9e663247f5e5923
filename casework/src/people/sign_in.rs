//! Signing in.

use super::{
    password, session,
    throttle::{self, Limit},
    token::{self, Purpose},
};
use crate::{
    Desk, Error, Result,
    audit::{self, Entry, Subject},
    entities::people,
    people::{AccountLetter, post_to_person},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use serde_json::json;
use time::Duration;
use workflow::{Actor, PersonId};

/// Where an attempt comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address of the client.
    pub address: String,
    pub user_agent: String,
}

/// Signs a person in by username or email; answers the secret for the cookie.
///
/// Attempts are limited per account and address, so that nobody can lock another person out, and
/// per address (ASVS 6.3.1).
///
/// # Errors
/// [`Error::Input`] when name and password do not fit or the email is not verified yet (a new link
/// is then sent); [`Error::Throttled`].
pub async fn sign_in(desk: &Desk, name: &str, password: &str, origin: &Origin) -> Result<String> {
    let key = super::people::key(name);
    let limits = [
        Limit {
            key: format!("sign-in:{key}:{}", origin.address),
            most: 5,
            within: Duration::minutes(15),
        },
        Limit {
            key: format!("sign-in:{}", origin.address),
            most: 100,
            within: Duration::minutes(15),
        },
    ];
    let [of_account, of_address] = &limits;
    throttle::check(desk, of_address).await?;
    throttle::admit(desk, of_account).await?;
    let person = people::Entity::find()
        .filter(
            Condition::any()
                .add(people::Column::UsernameKey.eq(key.as_str()))
                .add(people::Column::EmailKey.eq(key.as_str())),
        )
        .filter(people::Column::DisabledAt.is_null())
        .one(desk.database.read())
        .await?;
    let hash = person.as_ref().and_then(|row| row.password_hash.clone());
    let fits = password::matches(password.to_owned(), hash).await?;
    let transaction = desk.database.begin().await?;
    let now = desk.now();
    let event = |name, person: Option<&people::Model>, body| Entry {
        actor: person.map(|row| Actor::Person(PersonId(row.id))),
        subject: person.map_or(Subject::Desk, |row| Subject::Person(row.id)),
        name,
        body,
        reason: String::new(),
    };
    let outcome = match person {
        Some(person) if fits && person.email_verified_at.is_none() => {
            let secret = token::issue(
                &transaction,
                person.id,
                &person.email,
                Purpose::VerifyEmail,
                now,
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
            Err(Error::field(
                "username",
                "Your email address is not verified yet. We have sent you a new link.",
            ))
        }
        Some(person) if fits => {
            let secret = session::begin(&transaction, desk, person.id, origin).await?;
            let entry = event(
                "signed_in",
                Some(&person),
                json!({ "address": origin.address }),
            );
            audit::append(&transaction, now, desk.policy.version(), vec![entry]).await?;
            Ok(secret)
        }
        other => {
            throttle::count(&transaction, of_address, now).await?;
            let entry = Entry {
                // Whoever tried has not shown to be this person.
                actor: None,
                ..event(
                    "sign_in_failed",
                    other.as_ref(),
                    json!({ "address": origin.address }),
                )
            };
            audit::append(&transaction, now, desk.policy.version(), vec![entry]).await?;
            Err(Error::field(
                "username",
                "Username and password do not fit together.",
            ))
        }
    };
    transaction.commit().await?;
    if outcome.is_ok() {
        throttle::forget(desk, of_account).await?;
    } else {
        desk.mail.notify_one();
    }
    outcome
}

/// Signs one of the demo's people in without a password. The server offers it in demo mode on a
/// loopback address alone.
///
/// # Errors
/// [`Error::NotFound`] when there is no such person.
pub async fn sign_in_for_demo(desk: &Desk, username: &str, origin: &Origin) -> Result<String> {
    let transaction = desk.database.begin().await?;
    let person = people::Entity::find()
        .filter(people::Column::UsernameKey.eq(super::people::key(username)))
        .filter(people::Column::DisabledAt.is_null())
        .one(&transaction)
        .await?
        .ok_or(Error::NotFound)?;
    let now = desk.now();
    let secret = session::begin(&transaction, desk, person.id, origin).await?;
    let entry = Entry {
        actor: Some(Actor::Person(PersonId(person.id))),
        subject: Subject::Person(person.id),
        name: "signed_in",
        body: json!({ "address": origin.address, "demo": true }),
        reason: String::new(),
    };
    audit::append(&transaction, now, desk.policy.version(), vec![entry]).await?;
    transaction.commit().await?;
    Ok(secret)
}
