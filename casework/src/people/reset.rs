//! Choosing a password through a link: after forgetting it, or at an invitation.

use super::{
    Origin, password,
    people::{self, entry},
    token::{self, Purpose},
};
use crate::{
    By, Desk, Error, Result, Step,
    audit::{Entry, Subject},
    entities::people as rows,
    limits::{self, LINK, RESET_ADDRESS, RESET_NETWORK},
    people::{AccountLetter, LinkLetter, post_link, post_to_person},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use workflow::PersonId;

/// Sends a link for a new password to the address, if it has an account; the answer is the same
/// if it has none.
///
/// # Errors
/// [`Error::Throttled`].
pub async fn request_reset(desk: &Desk, email: &str, address: &str) -> Result<()> {
    let key = people::email_key(&email.chars().take(320).collect::<String>());
    limits::take(desk, &RESET_NETWORK, &limits::network(address)).await?;
    limits::take(desk, &RESET_ADDRESS, &key).await?;
    let mut step = Step::begin(desk, By::Nobody).await?;
    let person = rows::Entity::find()
        .filter(rows::Column::EmailKey.eq(key))
        .filter(rows::Column::DisabledAt.is_null())
        .one(step.transaction())
        .await?;
    let subject = match person {
        Some(person) => {
            post_link(step.transaction(), desk, &person, LinkLetter::ResetPassword).await?;
            Subject::Person(person.id)
        }
        // An event as well, so that the answer takes about as long.
        None => Subject::Desk,
    };
    let entry = Entry {
        actor: None,
        subject,
        name: "password_reset_requested",
        body: json!({}),
        reason: String::new(),
    };
    step.append_entry(entry);
    step.has_letters();
    step.commit().await?;
    Ok(())
}

/// Sets the password of the holder of a reset link and ends everything that was handed out to that
/// person before: all sessions, all other links.
///
/// # Errors
/// [`Error::LinkExpired`]; [`Error::Input`] on `password`; [`Error::Throttled`].
pub async fn reset_password(
    desk: &Desk,
    secret: &str,
    password: String,
    origin: &Origin,
) -> Result<()> {
    choose(desk, secret, Purpose::ResetPassword, password, origin).await
}

/// Sets the first password of someone who was invited.
///
/// # Errors
/// [`Error::LinkExpired`]; [`Error::Input`] on `password`; [`Error::Throttled`].
pub async fn accept_invitation(
    desk: &Desk,
    secret: &str,
    password: String,
    origin: &Origin,
) -> Result<()> {
    choose(desk, secret, Purpose::Invitation, password, origin).await
}

async fn choose(
    desk: &Desk,
    secret: &str,
    purpose: Purpose,
    password: String,
    origin: &Origin,
) -> Result<()> {
    let network = limits::network(&origin.address);
    limits::take(desk, &LINK, &network).await?;
    let now = desk.now();
    let person = token::who(desk.database.read(), secret, purpose, now).await?;
    let about = [
        person.name.as_str(),
        &person.username,
        &person.email,
        &person.organisation,
    ];
    if let Some(text) = password::problem(&password, &about).await? {
        return Err(Error::field("password", text));
    }
    let hash = password::hash(password).await?;
    let mut step = Step::begin(desk, By::Nobody).await?;
    let person = token::redeem(step.transaction(), secret, purpose, now).await?;
    people::set_password(step.transaction(), &person, hash, now.micros()).await?;
    // Who holds the mailbox is let in from here, however many guess elsewhere.
    limits::remember_use(step.transaction(), desk, &person.id.to_string(), &network).await?;
    let name = match purpose {
        Purpose::Invitation => "invitation_accepted",
        _ => "password_reset",
    };
    let entry = entry(Some(PersonId(person.id)), person.id, name, json!({}));
    step.append_entry(entry);
    let letter = AccountLetter::PasswordChanged;
    post_to_person(step.transaction(), desk, &person, letter).await?;
    step.has_letters();
    step.commit().await?;
    Ok(())
}
