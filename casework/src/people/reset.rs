//! Choosing a password through a link: after forgetting it, or at an invitation.

use super::{
    password,
    people::{self, entry},
    throttle::{self, Limit},
    token::{self, Purpose},
};
use crate::{
    Desk, Error, Result, audit,
    entities::people as rows,
    people::{AccountLetter, post_to_person},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use time::Duration;
use workflow::PersonId;

/// Sends a link for a new password to the address, if it has an account; the answer is the same
/// if it has none.
///
/// # Errors
/// [`Error::Throttled`].
pub async fn request_reset(desk: &Desk, email: &str, address: &str) -> Result<()> {
    let key = people::key(email);
    let limits = [
        Limit {
            key: format!("reset:{key}"),
            most: 3,
            within: Duration::hours(1),
        },
        Limit {
            key: format!("reset:{address}"),
            most: 20,
            within: Duration::hours(1),
        },
    ];
    for limit in &limits {
        throttle::check(desk, limit).await?;
    }
    let transaction = desk.database.begin().await?;
    for limit in &limits {
        throttle::count(&transaction, limit, desk.now()).await?;
    }
    let person = rows::Entity::find()
        .filter(rows::Column::EmailKey.eq(key))
        .filter(rows::Column::DisabledAt.is_null())
        .one(&transaction)
        .await?;
    if let Some(person) = person {
        let secret = token::issue(
            &transaction,
            person.id,
            &person.email,
            Purpose::ResetPassword,
            desk.now(),
        )
        .await?;
        post_to_person(
            &transaction,
            desk,
            &person.name,
            &person.email,
            AccountLetter::ResetPassword { secret },
        )
        .await?;
        let entry = entry(None, person.id, "password_reset_requested", json!({}));
        audit::append(&transaction, desk.now(), desk.policy.version(), vec![entry]).await?;
    }
    transaction.commit().await?;
    desk.mail.notify_one();
    Ok(())
}

/// Sets the password of the holder of a reset link and ends all sessions of that person.
///
/// # Errors
/// [`Error::LinkExpired`]; [`Error::Input`] on `password`.
pub async fn reset_password(desk: &Desk, secret: &str, password: String) -> Result<()> {
    choose(desk, secret, Purpose::ResetPassword, password).await
}

/// Sets the first password of someone who was invited.
///
/// # Errors
/// [`Error::LinkExpired`]; [`Error::Input`] on `password`.
pub async fn accept_invitation(desk: &Desk, secret: &str, password: String) -> Result<()> {
    choose(desk, secret, Purpose::Invitation, password).await
}

async fn choose(desk: &Desk, secret: &str, purpose: Purpose, password: String) -> Result<()> {
    let now = desk.now();
    let holder = token::who(desk.database.read(), secret, purpose, now).await?;
    let person = people::find(desk.database.read(), PersonId(holder.person_id)).await?;
    let about = [person.name.as_str(), &person.username, &person.email];
    if let Some(text) = password::problem(&password, &about) {
        return Err(Error::field("password", text));
    }
    let hash = password::hash(password).await?;
    let transaction = desk.database.begin().await?;
    token::redeem(&transaction, secret, purpose, now).await?;
    people::set_password(&transaction, person.id, hash, now.micros()).await?;
    let name = match purpose {
        Purpose::Invitation => "invitation_accepted",
        _ => "password_reset",
    };
    let entry = entry(Some(PersonId(person.id)), person.id, name, json!({}));
    audit::append(&transaction, now, desk.policy.version(), vec![entry]).await?;
    post_to_person(
        &transaction,
        desk,
        &person.name,
        &person.email,
        AccountLetter::PasswordChanged,
    )
    .await?;
    transaction.commit().await?;
    desk.mail.notify_one();
    Ok(())
}
