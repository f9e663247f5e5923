//! Signed-in browsers. The cookie holds a secret, the database its hash: whoever reads the
//! database cannot sign in with it, and ending a session ends it at once, on every instance.

use super::token::{fingerprint, secret};
use crate::{
    Caller, Desk, Result,
    entities::{people, sessions},
    roles_from_words,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set, sea_query::Expr,
};
use time::Duration;
use uuid::Uuid;
use workflow::{PersonId, Timestamp};

/// A session ends when it has not been used for this long …
const IDLE: Duration = Duration::hours(2);
/// … and at the latest after this long (ASVS 7.3).
const ABSOLUTE: Duration = Duration::hours(12);
/// Use is noted at most this often, so that reading pages does not write.
const NOTED_EVERY: Duration = Duration::minutes(5);

/// A session and who it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub caller: Caller,
    /// When it ends if it is used again before it is idle for too long.
    pub ends: Timestamp,
}

/// Begins a session; answers the secret for the cookie.
pub(super) async fn begin(
    connection: &impl ConnectionTrait,
    person: Uuid,
    origin: &super::Origin,
    now: Timestamp,
) -> Result<String> {
    let secret = secret();
    sessions::Entity::insert(sessions::ActiveModel {
        token_hash: Set(fingerprint(&secret)),
        person_id: Set(person),
        created_at: Set(now.micros()),
        seen_at: Set(now.micros()),
        authenticated_at: Set(now.micros()),
        expires_at: Set(now.plus(ABSOLUTE).micros()),
        user_agent: Set(origin.user_agent.chars().take(200).collect()),
        address: Set(origin.address.clone()),
    })
    .exec_without_returning(connection)
    .await?;
    Ok(secret)
}

/// The session of a cookie, if it is one and has not ended; one query.
///
/// # Errors
/// When the database does not answer.
pub async fn find(desk: &Desk, secret: &str) -> Result<Option<Session>> {
    let now = desk.now();
    let row = sessions::Entity::find()
        .filter(sessions::Column::TokenHash.eq(fingerprint(secret)))
        .filter(sessions::Column::ExpiresAt.gt(now.micros()))
        .filter(sessions::Column::SeenAt.gt(now.plus(-IDLE).micros()))
        .filter(people::Column::DisabledAt.is_null())
        .join(
            sea_orm::JoinType::InnerJoin,
            sessions::Entity::belongs_to(people::Entity)
                .from(sessions::Column::PersonId)
                .to(people::Column::Id)
                .into(),
        )
        .select_also(people::Entity)
        .one(desk.database.read())
        .await?;
    let Some((session, Some(person))) = row else {
        return Ok(None);
    };
    let seen = Timestamp::from_micros(session.seen_at);
    if now.since(seen) > NOTED_EVERY {
        sessions::Entity::update_many()
            .col_expr(sessions::Column::SeenAt, Expr::value(now.micros()))
            .filter(sessions::Column::TokenHash.eq(session.token_hash))
            .exec(desk.database.write())
            .await?;
    }
    Ok(Some(Session {
        caller: Caller {
            person: PersonId(person.id),
            name: person.name,
            username: person.username,
            roles: roles_from_words(&person.roles),
        },
        ends: Timestamp::from_micros(session.expires_at),
    }))
}

/// Ends the session of a cookie.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_out(desk: &Desk, secret: &str) -> Result<()> {
    sessions::Entity::delete_by_id(fingerprint(secret))
        .exec(desk.database.write())
        .await?;
    Ok(())
}

/// Ends all sessions of a person at once.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_out_everywhere(connection: &impl ConnectionTrait, person: Uuid) -> Result<()> {
    sessions::Entity::delete_many()
        .filter(sessions::Column::PersonId.eq(person))
        .exec(connection)
        .await?;
    Ok(())
}
