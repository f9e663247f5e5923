//! Tokens of gateways: shown once, kept as a hash, each for what its gateway does.

use crate::{Desk, Error, Result, digest, entities::gateway_tokens};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::Timestamp;

/// What a gateway may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GatewayScope {
    /// Say that a user has authorised an app, or has revoked it.
    Authorise,
    /// Say on which days users were served.
    Report,
    /// Ask how an app stands, and whether a user may be served.
    Check,
}

impl GatewayScope {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Authorise, Self::Report, Self::Check];

    /// As forms, programs and the database have it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Authorise => "authorise",
            Self::Report => "report",
            Self::Check => "check",
        }
    }

    /// The reverse of `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }

    /// As people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Authorise => "Record authorisations",
            Self::Report => "Report served days",
            Self::Check => "Check apps and users",
        }
    }
}

/// Scopes as the database has them.
pub(crate) fn scopes_from_words(words: &str) -> BTreeSet<GatewayScope> {
    words
        .split_whitespace()
        .filter_map(GatewayScope::from_word)
        .collect()
}

/// The reverse.
pub(crate) fn scopes_in_words(scopes: &BTreeSet<GatewayScope>) -> String {
    let words: Vec<&str> = scopes.iter().map(|scope| scope.word()).collect();
    words.join(" ")
}

/// What is kept of a token. It has 256 random bits, so a plain hash suffices.
pub(crate) fn hash_of(token: &str) -> String {
    digest::sha256(token.as_bytes())
}

/// A gateway whose token was good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    pub token: Uuid,
    pub name: String,
    scopes: BTreeSet<GatewayScope>,
}

impl Gateway {
    /// # Errors
    /// [`Error::Forbidden`] where its token is not for this.
    pub fn require(&self, scope: GatewayScope) -> Result<()> {
        if self.scopes.contains(&scope) {
            Ok(())
        } else {
            Err(Error::forbidden("gateway_scope"))
        }
    }
}

/// How exactly the last use of a token is known.
const USE_NOTED_EVERY: time::Duration = time::Duration::MINUTE;

/// Whose token this is; nobody's where it is unknown, ended or past its day.
///
/// # Errors
/// When the database does not answer.
pub async fn gateway_of(desk: &Desk, token: &str) -> Result<Option<Gateway>> {
    let row = gateway_tokens::Entity::find()
        .filter(gateway_tokens::Column::Hash.eq(hash_of(token)))
        .one(desk.database.read())
        .await?;
    let now = desk.now();
    let Some(row) = row.filter(|row| works(row, now)) else {
        return Ok(None);
    };
    let noted = row.used_at.map(Timestamp::from_micros);
    if noted.is_none_or(|noted| now.since(noted) >= USE_NOTED_EVERY) {
        note_use(desk, &row, now).await;
    }
    Ok(Some(Gateway {
        token: row.id,
        name: row.gateway,
        scopes: scopes_from_words(&row.scopes),
    }))
}

/// Whether a token lets its gateway in at this moment.
pub(crate) fn works(row: &gateway_tokens::Model, now: Timestamp) -> bool {
    row.ended_at.is_none() && now.micros() < row.expires_at
}

/// Notes when a token was shown; that it cannot be noted keeps nobody out.
async fn note_use(desk: &Desk, row: &gateway_tokens::Model, now: Timestamp) {
    let noted = gateway_tokens::Entity::update_many()
        .col_expr(gateway_tokens::Column::UsedAt, Expr::value(now.micros()))
        .filter(gateway_tokens::Column::Id.eq(row.id))
        .exec(desk.database.write())
        .await;
    if let Err(error) = noted {
        tracing::warn!(%error, "the use of a gateway's token was not noted");
    }
}
