//! Secrets that we hand out once and keep only as hashes: session cookies and single-use links.

use crate::{Error, Result, digest, entities::tokens};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};
use time::Duration;
use uuid::Uuid;
use workflow::Timestamp;

/// What a single-use link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    VerifyEmail,
    ResetPassword,
    Invitation,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::Invitation => "invitation",
        }
    }

    /// How long the link works.
    pub(crate) const fn lifetime(self) -> Duration {
        match self {
            Self::VerifyEmail => Duration::days(3),
            Self::ResetPassword => Duration::hours(1),
            Self::Invitation => Duration::days(7),
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

/// Makes a link's secret for a person; links of the same purpose made before stop working.
///
/// # Errors
/// When the database does not answer.
pub async fn issue(
    connection: &impl ConnectionTrait,
    person: Uuid,
    email: &str,
    purpose: Purpose,
    now: Timestamp,
) -> Result<String> {
    tokens::Entity::delete_many()
        .filter(tokens::Column::PersonId.eq(person))
        .filter(tokens::Column::Kind.eq(purpose.word()))
        .filter(tokens::Column::UsedAt.is_null())
        .exec(connection)
        .await?;
    let secret = secret();
    tokens::Entity::insert(tokens::ActiveModel {
        hash: Set(fingerprint(&secret)),
        kind: Set(purpose.word().to_owned()),
        person_id: Set(person),
        email: Set(email.to_owned()),
        expires_at: Set(now.plus(purpose.lifetime()).micros()),
        used_at: Set(None),
    })
    .exec_without_returning(connection)
    .await?;
    Ok(secret)
}

/// Whose link it is, if it still works; it is not used up.
///
/// # Errors
/// [`Error::LinkExpired`] when it is unknown, used or too old.
pub async fn who(
    connection: &impl ConnectionTrait,
    secret: &str,
    purpose: Purpose,
    now: Timestamp,
) -> Result<tokens::Model> {
    tokens::Entity::find_by_id(fingerprint(secret))
        .filter(tokens::Column::Kind.eq(purpose.word()))
        .filter(tokens::Column::UsedAt.is_null())
        .filter(tokens::Column::ExpiresAt.gt(now.micros()))
        .one(connection)
        .await?
        .ok_or(Error::LinkExpired)
}

/// As [`who`], and the link is used up: of two who use it at once, one succeeds.
///
/// # Errors
/// [`Error::LinkExpired`] when it is unknown, used or too old.
pub(crate) async fn redeem(
    connection: &impl ConnectionTrait,
    secret: &str,
    purpose: Purpose,
    now: Timestamp,
) -> Result<tokens::Model> {
    let token = who(connection, secret, purpose, now).await?;
    let used = tokens::Entity::update_many()
        .col_expr(tokens::Column::UsedAt, Expr::value(now.micros()))
        .filter(tokens::Column::Hash.eq(token.hash.as_str()))
        .filter(tokens::Column::UsedAt.is_null())
        .exec(connection)
        .await?;
    if used.rows_affected == 1 {
        Ok(token)
    } else {
        Err(Error::LinkExpired)
    }
}
