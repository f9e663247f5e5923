//! Production access as it is used: who has authorised an app, under its cap; whom a gateway may
//! serve; and the tokens by which the portal's authorisation server and gateways are let in.
//!
//! A user is known here by the keyed hash of what the authorisation server calls them, another one
//! for each app: no identity, and no data about anybody's health.

pub mod commands;
mod letters;
pub mod queries;
mod subject;
mod token;

pub use subject::Subject;
pub(crate) use token::hash_of;
pub use token::{Gateway, GatewayScope, gateway_of};

use crate::{
    Error, Result,
    entities::{apps, grants},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use workflow::{
    Timestamp,
    access::Access,
    case::GrantStatus,
    state::AccessLevel,
    users::{Denial, Standing},
};

/// Why a gateway's request is refused.
#[derive(Debug)]
pub enum Refused {
    /// By the rules, with what a program needs to know.
    Denied { denial: Denial, cap: Option<Cap> },
    /// The desk does not know the app, the database does not answer, the request is none.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// At most so many authorised users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    pub users: u32,
    /// Since when the rule holds: the start of the grant that has it, or the change of its cap.
    pub since: Timestamp,
}

#[derive(FromQueryResult)]
struct Granted {
    level: String,
    cap: Option<i32>,
    status: String,
    starts_at: i64,
    cap_since_at: Option<i64>,
}

/// How an app stands, with the start of its cap where it has one.
///
/// # Errors
/// When the database does not answer; [`Error::Corrupt`].
pub(crate) async fn standing(
    connection: &impl ConnectionTrait,
    app: &apps::Model,
) -> Result<(Standing, Option<Cap>)> {
    let access = Access {
        level: app.access_level()?,
        cap: app.users_cap()?,
        // What is archived has no access until it is restored.
        suspended: app.suspended || app.archived_at.is_some(),
    };
    // Who has production access and no cap needs no second look.
    if access.level != AccessLevel::Sandbox && access.cap.is_none() {
        let standing = Standing {
            access,
            was_granted: true,
        };
        return Ok((standing, None));
    }
    let granted: Vec<Granted> = grants::Entity::find()
        .select_only()
        .columns([
            grants::Column::Level,
            grants::Column::Cap,
            grants::Column::Status,
            grants::Column::StartsAt,
            grants::Column::CapSinceAt,
        ])
        .filter(grants::Column::AppId.eq(app.id))
        .order_by_asc(grants::Column::StartsAt)
        .into_model()
        .all(connection)
        .await?;
    let revoked = GrantStatus::Revoked.word();
    let since = granted.iter().find(|grant| {
        grant.status != revoked && grant.level == access.level.word() && grant.cap == app.cap
    });
    let cap = access.cap.map(|users| Cap {
        users,
        since: Timestamp::from_micros(since.map_or(app.created_at, |grant| {
            grant.cap_since_at.unwrap_or(grant.starts_at)
        })),
    });
    let standing = Standing {
        access,
        was_granted: !granted.is_empty(),
    };
    Ok((standing, cap))
}

/// The app that programs know by this client id.
///
/// # Errors
/// [`Error::NotFound`].
pub(crate) async fn app_of(
    connection: &impl ConnectionTrait,
    client_id: &str,
) -> Result<apps::Model> {
    apps::Entity::find()
        .filter(apps::Column::ClientId.eq(client_id))
        .one(connection)
        .await?
        .ok_or(Error::NotFound)
}

/// The day of a moment, in days since 1970-01-01, UTC.
pub(crate) fn day_of(moment: Timestamp) -> i32 {
    i32::try_from(moment.micros().div_euclid(MICROS_PER_DAY)).unwrap_or(i32::MAX)
}

/// Microseconds of a day.
pub(crate) const MICROS_PER_DAY: i64 = 86_400_000_000;

/// A stored count.
pub(crate) fn whole(count: i32) -> u32 {
    u32::try_from(count).unwrap_or(0)
}
