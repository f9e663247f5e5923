//! Signed-in browsers. The cookie holds a secret, the database its hash: whoever reads the
//! database cannot sign in with it, and ending a session ends it at once, on every instance.

use super::token::secret;
use crate::{
    Caller, Desk, Result, digest,
    entities::{people, sessions},
    roles_from_words,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Select, Set, sea_query::Expr,
};
use std::collections::BTreeSet;
use time::Duration;
use workflow::{PersonId, Timestamp, settings::NECESSARY};

/// A session ends when it has not been used for this long …
const IDLE: Duration = Duration::hours(2);
/// … and at the latest after this long (ASVS 7.3).
const ABSOLUTE: Duration = Duration::hours(12);
/// Use is noted at most this often, so that reading pages does not write.
const NOTED_EVERY: Duration = Duration::minutes(5);
/// So many sessions are shown to their owner at most.
const MOST_SHOWN: u64 = 50;

/// A session and who it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub caller: Caller,
    /// When it ends if it is used again before it is idle for too long.
    pub ends: Timestamp,
    /// Whether a second factor has to be set up before anything else.
    pub must_set_up: bool,
    /// Whether keys that are pressed alone do nothing.
    pub keys_off: bool,
}

/// Who asks something under a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsedBy {
    /// A person: the session is in use.
    Person,
    /// A page that was left open asks by itself: that keeps no session from ending.
    Page,
}

/// What we keep of a session's secret: its HMAC-SHA-256 under the desk's own secret, in
/// hexadecimal. A stolen database lets nobody in, and a changed secret ends every session.
pub(crate) fn code(desk: &Desk, secret: &str) -> String {
    digest::hmac(&desk.secret, secret.as_bytes())
}

/// Begins a session in place of the one that the browser had; answers the secret for the cookie.
pub(super) async fn begin(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    person: &people::Model,
    origin: &super::Origin,
) -> Result<String> {
    let now = desk.now();
    if let Some(old) = &origin.session {
        sessions::Entity::delete_by_id(code(desk, old))
            .exec(connection)
            .await?;
    }
    let secret = secret();
    sessions::Entity::insert(sessions::ActiveModel {
        token_hash: Set(code(desk, &secret)),
        person_id: Set(person.id),
        created_at: Set(now.micros()),
        seen_at: Set(now.micros()),
        authenticated_at: Set(now.micros()),
        expires_at: Set(now.plus(ABSOLUTE).micros()),
        user_agent: Set(origin.user_agent.chars().take(200).collect()),
        address: Set(origin.address.chars().take(100).collect()),
        access_epoch: Set(person.access_epoch),
    })
    .exec_without_returning(connection)
    .await?;
    Ok(secret)
}

/// The sessions that have not ended by themselves, nor with the access of their owner.
fn not_ended(now: Timestamp) -> Select<sessions::Entity> {
    sessions::Entity::find()
        .filter(sessions::Column::ExpiresAt.gt(now.micros()))
        .filter(sessions::Column::SeenAt.gt(now.plus(-IDLE).micros()))
        .filter(people::Column::DisabledAt.is_null())
        .filter(
            Expr::col((sessions::Entity, sessions::Column::AccessEpoch))
                .equals((people::Entity, people::Column::AccessEpoch)),
        )
        .join(
            sea_orm::JoinType::InnerJoin,
            sessions::Entity::belongs_to(people::Entity)
                .from(sessions::Column::PersonId)
                .to(people::Column::Id)
                .into(),
        )
}

/// Which of these sessions, by what we keep of their secrets, have not ended; one query.
pub(crate) async fn still_open(desk: &Desk, codes: &BTreeSet<String>) -> Result<BTreeSet<String>> {
    let open: Vec<String> = not_ended(desk.now())
        .filter(sessions::Column::TokenHash.is_in(codes))
        .select_only()
        .column(sessions::Column::TokenHash)
        .into_tuple()
        .all(desk.database.read())
        .await?;
    Ok(open.into_iter().collect())
}

/// The session of a cookie, if it is one and has not ended; one query.
///
/// # Errors
/// When the database does not answer.
pub async fn find(desk: &Desk, secret: &str, by: UsedBy) -> Result<Option<Session>> {
    let now = desk.now();
    let row = not_ended(now)
        .filter(sessions::Column::TokenHash.eq(code(desk, secret)))
        .select_also(people::Entity)
        .one(desk.database.read())
        .await?;
    let Some((session, Some(person))) = row else {
        return Ok(None);
    };
    let seen = Timestamp::from_micros(session.seen_at);
    if by == UsedBy::Person && now.since(seen) > NOTED_EVERY {
        let noted = sessions::Entity::update_many()
            .col_expr(sessions::Column::SeenAt, Expr::value(now.micros()))
            .filter(sessions::Column::TokenHash.eq(session.token_hash))
            .exec(desk.database.write())
            .await;
        if let Err(error) = noted {
            tracing::warn!(%error, "that a session is in use could not be noted");
        }
    }
    let caller = Caller {
        person: PersonId(person.id),
        name: person.name,
        username: person.username,
        roles: roles_from_words(&person.roles),
    };
    Ok(Some(Session {
        must_set_up: needs_second_factor(desk)
            && person.second_factor_at.is_none()
            && caller.is_staff(),
        keys_off: person.keys_off,
        caller,
        ends: Timestamp::from_micros(session.expires_at),
    }))
}

/// Whether our own people have a second factor before anything else: the configuration says so, or an
/// admin.
fn needs_second_factor(desk: &Desk) -> bool {
    let settings = &desk.reference.known().settings;
    desk.second_factor_for_staff || settings.staff_second_factor == NECESSARY
}

/// Ends the session of a cookie.
///
/// # Errors
/// When the database does not answer.
pub async fn sign_out(desk: &Desk, secret: &str) -> Result<()> {
    sessions::Entity::delete_by_id(code(desk, secret))
        .exec(desk.database.write())
        .await?;
    Ok(())
}

/// By what name a page calls a session: nothing can be done with it but to end it.
pub(super) fn name(desk: &Desk, row: &sessions::Model) -> String {
    digest::code(&desk.secret, &["session", &row.token_hash])
}

/// The sessions of a person that have not ended, the one used last first.
pub(super) async fn of_person(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    person: &people::Model,
) -> Result<Vec<sessions::Model>> {
    let now = desk.now();
    Ok(sessions::Entity::find()
        .filter(sessions::Column::PersonId.eq(person.id))
        .filter(sessions::Column::AccessEpoch.eq(person.access_epoch))
        .filter(sessions::Column::ExpiresAt.gt(now.micros()))
        .filter(sessions::Column::SeenAt.gt(now.plus(-IDLE).micros()))
        .order_by_desc(sessions::Column::SeenAt)
        .limit(MOST_SHOWN)
        .all(connection)
        .await?)
}

/// The session that outlives a step that ends all access: the one in which the step is taken.
pub(super) struct Kept(Option<sessions::Model>);

impl Kept {
    /// The session of this cookie, if it is one of the person's.
    pub(super) async fn take(
        connection: &impl ConnectionTrait,
        desk: &Desk,
        person: &people::Model,
        secret: Option<&str>,
    ) -> Result<Self> {
        let Some(secret) = secret else {
            return Ok(Self(None));
        };
        let row = sessions::Entity::find_by_id(code(desk, secret))
            .filter(sessions::Column::PersonId.eq(person.id))
            .filter(sessions::Column::AccessEpoch.eq(person.access_epoch))
            .one(connection)
            .await?;
        Ok(Self(row))
    }
}

/// Writes a kept session anew, after everything of the epoch before has ended.
pub(super) async fn give_back(connection: &impl ConnectionTrait, kept: Kept) -> Result<()> {
    if let Kept(Some(row)) = kept {
        let epoch = row.access_epoch + 1;
        let mut row = row.into_active_model().reset_all();
        row.access_epoch = Set(epoch);
        sessions::Entity::insert(row)
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}
