//! How often something may be attempted. An attempt is counted before it is made, in one
//! statement, in the database: of many at the same moment, on however many instances, no more get
//! through than of many in a row.

use crate::{Desk, Error, Result, Taking, entities::throttles};
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, Set,
    sea_query::{CaseStatement, Expr, OnConflict},
};
use sha2::Sha256;
use std::net::{IpAddr, Ipv6Addr};
use time::Duration;
use workflow::Timestamp;

/// At most `most` attempts `within` a time, of each of whatever it is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    pub name: &'static str,
    pub most: i32,
    pub within: Duration,
}

macro_rules! limits {
    ($($(#[$doc:meta])* $limit:ident: $most:literal in $within:expr;)+) => {
        $($(#[$doc])* pub(crate) const $limit: Limit = Limit {
            name: stringify!($limit),
            most: $most,
            within: $within,
        };)+
    };
}

limits! {
    /// Sign-ins of one account from one network. Nobody can lock an owner out from elsewhere.
    SIGN_IN_ACCOUNT: 5 in Duration::minutes(15);
    /// Failed sign-ins from one network, with whatever names.
    SIGN_IN_NETWORK: 100 in Duration::minutes(15);
    /// Failed sign-ins of one account from networks that it has never been used from.
    SIGN_IN_ELSEWHERE: 100 in Duration::HOUR;
    /// Registrations from one network.
    REGISTER: 20 in Duration::HOUR;
    /// Links to a new password for one address.
    RESET_ADDRESS: 3 in Duration::HOUR;
    /// Links to a new password, asked for from one network.
    RESET_NETWORK: 20 in Duration::HOUR;
    /// Links to confirm an address, sent again to one person.
    RESEND: 3 in Duration::HOUR;
    /// Single-use links opened or used from one network.
    LINK: 60 in Duration::minutes(15);
    /// Signatures of one person that failed in a row.
    SIGNING: 5 in Duration::minutes(15);
    /// Codes of a second factor, of one person from one network.
    CODE_ACCOUNT: 5 in Duration::minutes(15);
    /// Codes of a second factor, of one person from networks that the account was never used from.
    CODE_ELSEWHERE: 20 in Duration::HOUR;
    /// Challenges for passkeys, given out to one network, or to one person who adds one.
    PASSKEY: 60 in Duration::minutes(15);
    /// Changes of the email address that one person asked for.
    EMAIL_CHANGE: 5 in Duration::DAY;
    /// Archives of what the desk has of somebody, taken by them.
    OWN_DATA: 5 in Duration::HOUR;
    /// People invited by one admin.
    INVITE: 50 in Duration::HOUR;
    /// Letters that anybody can cause, to one address, whoever asks and whatever for.
    LETTERS_AN_HOUR: 3 in Duration::HOUR;
    LETTERS_A_DAY: 6 in Duration::DAY;
    /// Self-checks of one developer: each opens addresses.
    SELF_CHECK: 30 in Duration::HOUR;
    /// Support requests of one developer.
    REQUESTS: 20 in Duration::DAY;
    /// Images that one person added to entries of the gallery.
    GALLERY_IMAGES: 60 in Duration::HOUR;
    /// Applications of one app to be a partner: each is a letter to all partner managers.
    PARTNER_APPLICATIONS: 3 in Duration::DAY;
    /// People whom one developer asked into apps.
    ADD_MEMBER: 30 in Duration::HOUR;
    /// People asked into one app.
    APP_INVITATIONS: 30 in Duration::DAY;
}

/// Not a limit: that an account was used from a network is remembered for so long.
const USED_FROM: Limit = Limit {
    name: "USED_FROM",
    most: i32::MAX,
    within: Duration::days(180),
};

/// Counts an attempt of `who` and answers how many there have been within the limit's time, this
/// one among them.
///
/// # Errors
/// [`Error::Throttled`] when the limit has been reached; then nothing is counted.
pub(crate) async fn take(desk: &Desk, limit: &Limit, who: &str) -> Result<i32> {
    if desk.takes() == Taking::Tried {
        // What is tried is taken afterwards, and counts then.
        return Ok(0);
    }
    take_on(desk.database.write(), desk, limit, who).await
}

/// As [`take`], as a part of a transaction: what is rolled back has not been counted.
///
/// # Errors
/// [`Error::Throttled`] when the limit has been reached; then nothing is counted.
pub(crate) async fn take_on(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    limit: &Limit,
    who: &str,
) -> Result<i32> {
    use throttles::Column as C;
    let now = desk.now();
    let key = key(desk, limit, who);
    let kept = |column: C| Expr::col((throttles::Entity, column));
    let over = || kept(C::EndsAt).lte(now.micros());
    let either =
        |then: Expr, otherwise: Expr| CaseStatement::new().case(over(), then).finally(otherwise);
    let ends = now.plus(limit.within).micros();
    let counted = throttles::Entity::insert(throttles::ActiveModel {
        key: Set(key.clone()),
        count: Set(1),
        ends_at: Set(ends),
    })
    .on_conflict(
        OnConflict::column(C::Key)
            .value(C::Count, either(Expr::value(1), kept(C::Count).add(1)))
            .value(C::EndsAt, either(Expr::value(ends), kept(C::EndsAt)))
            .action_and_where(over().or(kept(C::Count).lt(limit.most)))
            .to_owned(),
    )
    .exec_with_returning(connection)
    .await;
    match counted {
        Ok(row) => Ok(row.count),
        // The row stands at its limit, so nothing was written.
        Err(DbErr::RecordNotFound(_)) => {
            let row = throttles::Entity::find_by_id(key).one(connection).await?;
            let ends = row.map_or(ends, |row| row.ends_at);
            Err(Error::Throttled {
                minutes: Timestamp::from_micros(ends).since(now).whole_minutes() + 1,
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes an attempt back that turned out to be none: whoever succeeds is not slowed down.
pub(crate) async fn give_back(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    limit: &Limit,
    who: &str,
) -> Result<()> {
    throttles::Entity::update_many()
        .col_expr(
            throttles::Column::Count,
            Expr::col(throttles::Column::Count).sub(1),
        )
        .filter(throttles::Column::Key.eq(key(desk, limit, who)))
        .filter(throttles::Column::Count.gt(0))
        .exec(connection)
        .await?;
    Ok(())
}

/// Forgets all attempts of `who` after a success.
pub(crate) async fn forget(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    limit: &Limit,
    who: &str,
) -> Result<()> {
    throttles::Entity::delete_by_id(key(desk, limit, who))
        .exec(connection)
        .await?;
    Ok(())
}

/// Remembers that an account was used from a network.
pub(crate) async fn remember_use(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    account: &str,
    network: &str,
) -> Result<()> {
    forget(connection, desk, &USED_FROM, &pair(account, network)).await?;
    take_on(connection, desk, &USED_FROM, &pair(account, network)).await?;
    Ok(())
}

/// Whether an account was used from a network lately.
pub(crate) async fn was_used(desk: &Desk, account: &str, network: &str) -> Result<bool> {
    let key = key(desk, &USED_FROM, &pair(account, network));
    let row = throttles::Entity::find_by_id(key)
        .filter(throttles::Column::EndsAt.gt(desk.now().micros()))
        .one(desk.database.read())
        .await?;
    Ok(row.is_some())
}

/// Two things that are counted together.
pub(crate) fn pair(one: &str, other: &str) -> String {
    format!("{one}\n{other}")
}

/// The network of an address: an IPv4 address itself, of an IPv6 address the /64 that one customer
/// is given; an IPv4 address written as IPv6 is one of IPv4.
pub(crate) fn network(address: &str) -> String {
    match address.trim().parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V4(ip)) => ip.to_string(),
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        Err(_) => address.to_owned(),
    }
}

/// What is kept of a limit and whom it is counted by: an HMAC under the desk's secret. However
/// long a name was typed, its key is short, and who reads the table learns no names or addresses.
fn key(desk: &Desk, limit: &Limit, who: &str) -> String {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(desk.secret.as_bytes()) else {
        return String::new();
    };
    mac.update(limit.name.as_bytes());
    mac.update(b"\n");
    mac.update(who.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn addresses_of_one_customer_are_one_network() {
        let same = |one: &str, other: &str| network(one) == network(other);
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("::ffff:192.0.2.7", "192.0.2.7"));
        assert!(same("::ffff:c000:207", "192.0.2.7"));
        assert!(!same("::ffff:192.0.2.7", "::ffff:192.0.2.8"));
        assert!(!same("192.0.2.7", "192.0.2.8"));
    }
}
