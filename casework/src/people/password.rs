//! Passwords: Argon2id, and the rules of ASVS 6.2.

use super::throttle::{self, Limit};
use crate::{
    Caller, Desk, Error, Result,
    audit::{self, Entry, Subject},
    entities::people,
    people::{AccountLetter, post_to_person},
};
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use sea_orm::EntityTrait;
use serde_json::json;
use std::sync::OnceLock;
use time::Duration;
use workflow::Actor;
use zxcvbn::{Score, zxcvbn};

/// What is wrong with a new password. Common ones, and those made of the person's own name or
/// address, are told by how many guesses they would take: fewer than a million are too few.
pub fn problem(password: &str, about: &[&str]) -> Option<String> {
    let count = password.chars().count();
    if count < 10 {
        Some("Password: use at least 10 characters.".to_owned())
    } else if count > 256 {
        Some("Password: use at most 256 characters.".to_owned())
    } else if zxcvbn(password, about).score() < Score::Two {
        Some("Password: this one is easily guessed; choose another.".to_owned())
    } else {
        None
    }
}

/// The Argon2id hash of a password, as a PHC string. Takes tens of milliseconds, on a thread of
/// its own.
///
/// # Errors
/// When the machine has no memory or no randomness left.
pub async fn hash(password: String) -> Result<String> {
    tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
    })
    .await
    .map_err(Error::unavailable)?
    .map_err(|error| Error::unavailable(error.to_string()))
}

/// Whether the password is the one of this hash; without a hash it takes as long and is false, so
/// that nobody can time which accounts exist.
pub(super) async fn matches(password: String, hash: Option<String>) -> Result<bool> {
    static NOBODY: OnceLock<String> = OnceLock::new();
    tokio::task::spawn_blocking(move || {
        let nobody = || {
            NOBODY.get_or_init(|| {
                Argon2::default()
                    .hash_password(b"nobody has this password")
                    .map(|hash| hash.to_string())
                    .unwrap_or_default()
            })
        };
        let text = hash.as_deref().unwrap_or_else(|| nobody());
        let fits = PasswordHash::new(text).is_ok_and(|parsed| {
            Argon2::default()
                .verify_password(password.as_bytes(), &parsed)
                .is_ok()
        });
        fits && hash.is_some()
    })
    .await
    .map_err(Error::unavailable)
}

/// Asks a signed-in person for the password anew, as each signature does (21 CFR 11.200). After
/// five failures in 15 minutes it refuses for the rest of them, and the trail says so.
///
/// # Errors
/// [`Error::Input`] on the field `password`; [`Error::Throttled`].
pub async fn verify_password(desk: &Desk, caller: &Caller, password: &str) -> Result<()> {
    let limit = Limit {
        key: format!("signing:{}", caller.person),
        most: 5,
        within: Duration::minutes(15),
    };
    let attempts = throttle::admit(desk, &limit).await?;
    let person = people::Entity::find_by_id(caller.person.0)
        .one(desk.database.read())
        .await?
        .filter(|person| person.disabled_at.is_none())
        .ok_or(Error::SignedOut)?;
    if matches(password.to_owned(), person.password_hash.clone()).await? {
        throttle::forget(desk, &limit).await?;
        return Ok(());
    }
    let transaction = desk.database.begin().await?;
    if attempts == limit.most {
        // Once, when it becomes too many: the owner of the account is to know (21 CFR 11.300(d)).
        let times = u32::try_from(attempts).unwrap_or(0);
        let letter = AccountLetter::FailedSignings { times };
        post_to_person(&transaction, desk, &person.name, &person.email, letter).await?;
    }
    let entry = Entry {
        actor: Some(Actor::Person(caller.person)),
        subject: Subject::Person(caller.person.0),
        name: "signing_failed",
        body: json!({}),
        reason: String::new(),
    };
    audit::append(&transaction, desk.now(), desk.policy.version(), vec![entry]).await?;
    transaction.commit().await?;
    desk.mail.notify_one();
    Err(Error::field(
        "password",
        "Password: this is not your password.",
    ))
}
