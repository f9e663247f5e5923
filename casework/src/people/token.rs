//! Secrets that we hand out once and keep only as hashes: session cookies and single-use links.

use crate::{
    Error, Result, digest,
    entities::{people, tokens},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set,
    sea_query::Expr,
};
use time::Duration;
use uuid::Uuid;
use workflow::Timestamp;

/// What a single-use link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    VerifyEmail,
    ResetPassword,
    Invitation,
    /// The present address agrees to another one.
    ConfirmOldAddress,
    /// The next address agrees to be one.
    ConfirmNewAddress,
    /// The password was right; the second factor is missing.
    SecondFactor,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::Invitation => "invitation",
            Self::ConfirmOldAddress => "confirm_old_address",
            Self::ConfirmNewAddress => "confirm_new_address",
            Self::SecondFactor => "second_factor",
        }
    }

    /// How long the link works.
    pub(crate) const fn lifetime(self) -> Duration {
        match self {
            Self::VerifyEmail => Duration::days(3),
            Self::ResetPassword => Duration::hours(1),
            Self::Invitation => Duration::days(7),
            Self::ConfirmOldAddress | Self::ConfirmNewAddress => Duration::days(1),
            Self::SecondFactor => Duration::minutes(5),
        }
    }
}

/// A new secret of 256 random bits, in 64 hexadecimal digits.
pub(crate) fn secret() -> String {
    digest::random::<32>()
}

/// What we keep of a secret: its SHA-256 in hexadecimal. Secrets have 256 bits, so a fast hash is
/// enough.
pub(crate) fn fingerprint(secret: &str) -> String {
    digest::sha256(secret.as_bytes())
}

/// Makes a link's secret for a person; links of the same purpose made before stop working. Of those
/// who wait for a code none ends another's waiting.
///
/// # Errors
/// When the database does not answer.
pub async fn issue(
    connection: &impl ConnectionTrait,
    person: &people::Model,
    purpose: Purpose,
    now: Timestamp,
) -> Result<String> {
    if purpose != Purpose::SecondFactor {
        end(connection, person.id, purpose).await?;
    }
    let secret = secret();
    tokens::Entity::insert(tokens::ActiveModel {
        hash: Set(fingerprint(&secret)),
        kind: Set(purpose.word().to_owned()),
        person_id: Set(person.id),
        email: Set(person.email.clone()),
        expires_at: Set(now.plus(purpose.lifetime()).micros()),
        used_at: Set(None),
        access_epoch: Set(person.access_epoch),
    })
    .exec_without_returning(connection)
    .await?;
    Ok(secret)
}

/// Ends the links of a purpose that a person was given.
pub(super) async fn end(
    connection: &impl ConnectionTrait,
    person: Uuid,
    purpose: Purpose,
) -> Result<()> {
    tokens::Entity::delete_many()
        .filter(tokens::Column::PersonId.eq(person))
        .filter(tokens::Column::Kind.eq(purpose.word()))
        .filter(tokens::Column::UsedAt.is_null())
        .exec(connection)
        .await?;
    Ok(())
}

/// Whether a link still fits its person as the account is now: it is not disabled, it has the
/// address that the link went to, nothing happened since that ends what was handed out before
/// (`access_epoch`), and there is something left for the link to do.
fn fits(token: &tokens::Model, purpose: Purpose, person: &people::Model) -> bool {
    person.disabled_at.is_none()
        && token.access_epoch == person.access_epoch
        && (token.email == person.email || purpose == Purpose::ConfirmNewAddress)
        && match purpose {
            Purpose::VerifyEmail => person.email_verified_at.is_none(),
            Purpose::Invitation => person.password_hash.is_none(),
            Purpose::SecondFactor => person.second_factor_at.is_some(),
            // Whether the change is still wanted is looked at where it is made.
            Purpose::ResetPassword | Purpose::ConfirmOldAddress | Purpose::ConfirmNewAddress => {
                true
            }
        }
}

/// Whose link it is, if it still works; it is not used up.
///
/// # Errors
/// [`Error::LinkExpired`] when it is unknown, used or too old, or the account has changed since.
pub async fn who(
    connection: &impl ConnectionTrait,
    secret: &str,
    purpose: Purpose,
    now: Timestamp,
) -> Result<people::Model> {
    who_by_hash(connection, &fingerprint(secret), purpose, now).await
}

/// As [`who`], of the link with this hash.
async fn who_by_hash(
    connection: &impl ConnectionTrait,
    hash: &str,
    purpose: Purpose,
    now: Timestamp,
) -> Result<people::Model> {
    let token = tokens::Entity::find_by_id(hash)
        .filter(tokens::Column::Kind.eq(purpose.word()))
        .filter(tokens::Column::UsedAt.is_null())
        .filter(tokens::Column::ExpiresAt.gt(now.micros()))
        .one(connection)
        .await?
        .ok_or(Error::LinkExpired)?;
    people::Entity::find_by_id(token.person_id)
        .one(connection)
        .await?
        .filter(|person| fits(&token, purpose, person))
        .ok_or(Error::LinkExpired)
}

/// As [`who`], in a transaction: the person is locked, and the link is used up. Of two who use it
/// at once, one succeeds.
///
/// # Errors
/// [`Error::LinkExpired`] when it is unknown, used or too old, or the account has changed since.
pub(crate) async fn redeem(
    transaction: &DatabaseTransaction,
    secret: &str,
    purpose: Purpose,
    now: Timestamp,
) -> Result<people::Model> {
    redeem_by_hash(transaction, &fingerprint(secret), purpose, now).await
}

/// As [`redeem`], of the link with this hash.
///
/// # Errors
/// As [`redeem`].
pub(super) async fn redeem_by_hash(
    transaction: &DatabaseTransaction,
    hash: &str,
    purpose: Purpose,
    now: Timestamp,
) -> Result<people::Model> {
    let holder = who_by_hash(transaction, hash, purpose, now).await?;
    super::people::lock(transaction, holder.id).await?;
    // Once more, now that nobody else changes the account.
    let person = who_by_hash(transaction, hash, purpose, now).await?;
    let used = tokens::Entity::update_many()
        .col_expr(tokens::Column::UsedAt, Expr::value(now.micros()))
        .filter(tokens::Column::Hash.eq(hash))
        .filter(tokens::Column::UsedAt.is_null())
        .exec(transaction)
        .await?;
    if used.rows_affected == 1 {
        Ok(person)
    } else {
        Err(Error::LinkExpired)
    }
}
