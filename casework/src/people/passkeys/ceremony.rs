//! A challenge on its way: given to one browser, answered once, within five minutes.

use crate::{Desk, Error, Result, digest, entities::passkey_ceremonies, people::token};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde::Serialize;
use serde_json::Value;
use time::Duration;
use uuid::Uuid;

/// How long an answer is waited for.
pub(crate) const TO_ANSWER: Duration = Duration::minutes(5);

/// What a challenge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::people) enum Kind {
    /// To add a passkey.
    Add,
    /// To sign in by a passkey alone.
    SignIn,
    /// To sign in after the password.
    SecondFactor,
    /// To sign what a form does: the challenge is its hash.
    Sign,
}

impl Kind {
    /// The word of the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::SignIn => "sign_in",
            Self::SecondFactor => "second_factor",
            Self::Sign => "sign",
        }
    }
}

/// A challenge to be given out.
#[derive(Clone, Debug)]
pub(in crate::people) struct New<'a> {
    pub kind: Kind,
    pub person: Option<Uuid>,
    pub browser: &'a str,
    /// The hash of the attempt to sign in whose second half this is.
    pub attempt: Option<String>,
    pub name: String,
    pub options: Value,
}

/// By what a browser is known again; nobody learns from the table which one it was.
fn code_of(desk: &Desk, browser: &str) -> String {
    digest::code(&desk.secret, &["passkey", browser])
}

/// Gives a challenge out; answers the secret by which its browser names it.
pub(in crate::people) async fn begin(
    desk: &Desk,
    new: New<'_>,
    state: &(impl Serialize + Sync),
) -> Result<String> {
    let secret = token::secret();
    passkey_ceremonies::Entity::insert(passkey_ceremonies::ActiveModel {
        hash: Set(token::fingerprint(&secret)),
        kind: Set(new.kind.word().to_owned()),
        person_id: Set(new.person),
        browser: Set(code_of(desk, new.browser)),
        attempt: Set(new.attempt),
        name: Set(new.name),
        options: Set(new.options.to_string()),
        state: Set(serde_json::to_string(state)?),
        expires_at: Set(desk.now().plus(TO_ANSWER).micros()),
    })
    .exec_without_returning(desk.database.write())
    .await?;
    Ok(secret)
}

/// The challenge of this secret, while it waits for this browser.
///
/// # Errors
/// [`Error::Input`] on `credential` where it does not.
pub(in crate::people) async fn look(
    desk: &Desk,
    secret: &str,
    kinds: &[Kind],
    browser: &str,
) -> Result<passkey_ceremonies::Model> {
    passkey_ceremonies::Entity::find_by_id(token::fingerprint(secret))
        .filter(passkey_ceremonies::Column::Kind.is_in(kinds.iter().map(|kind| kind.word())))
        .filter(passkey_ceremonies::Column::Browser.eq(code_of(desk, browser)))
        .filter(passkey_ceremonies::Column::ExpiresAt.gt(desk.now().micros()))
        .one(desk.database.read())
        .await?
        .ok_or_else(over)
}

/// As [`look`], and it waits no more, whatever comes of the answer. Of two who answer at once, one is
/// heard.
///
/// # Errors
/// As [`look`].
pub(in crate::people) async fn take(
    desk: &Desk,
    secret: &str,
    kinds: &[Kind],
    browser: &str,
) -> Result<passkey_ceremonies::Model> {
    let found = look(desk, secret, kinds, browser).await?;
    let taken = passkey_ceremonies::Entity::delete_by_id(found.hash.as_str())
        .exec(desk.database.write())
        .await?;
    if taken.rows_affected == 1 {
        Ok(found)
    } else {
        Err(over())
    }
}

fn over() -> Error {
    Error::field(
        "credential",
        "This took longer than five minutes, or was answered before. Begin again.",
    )
}
