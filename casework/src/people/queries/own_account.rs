//! `/account`: what is on record about whoever is signed in.

use crate::{
    Caller, Desk, Error, Result,
    people::{
        commands::email_change_under_way,
        device::{device, place},
        passkeys, people,
        second_factor::{self, ToPair},
        session,
    },
    policy::{Subject, SupportAct},
    post::Ways,
};
use std::collections::BTreeSet;
use uuid::Uuid;
use workflow::{Role, Timestamp};

/// One's own account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAccount {
    pub name: String,
    pub username: String,
    pub email: String,
    pub organisation: String,
    pub roles: Vec<Role>,
    pub since: Timestamp,
    /// The address that is wanted, while it is not confirmed by both.
    pub email_change: Option<EmailChange>,
    /// Since when a second factor is asked for.
    pub second_factor: Option<Timestamp>,
    /// How many passkeys there are.
    pub passkeys: usize,
    /// When letters come that one can do without.
    pub letters: Ways,
    /// Whether the policy lets the person ask support.
    pub may_ask: bool,
    /// The one used last first.
    pub sessions: Vec<OwnSession>,
}

/// A change of the address that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailChange {
    pub email: String,
    pub ends: Timestamp,
    /// Whether the present address has agreed.
    pub old_confirmed: bool,
    /// Whether the new address has been confirmed.
    pub new_confirmed: bool,
}

/// A passkey of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPasskey {
    pub id: Uuid,
    pub name: String,
    pub made: Timestamp,
    pub used: Option<Timestamp>,
    /// The same key is on several devices of its owner.
    pub synced: bool,
}

/// How the own authenticator app stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    Off,
    /// The secret waits for the first code of the app.
    Waits(ToPair),
    On {
        since: Timestamp,
        /// Recovery codes that have not been used.
        left: usize,
    },
}

/// A browser in which one is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSession {
    /// To end it by.
    pub name: String,
    /// `Firefox on Windows`.
    pub device: String,
    /// The network, shortened.
    pub place: String,
    pub since: Timestamp,
    /// To five minutes.
    pub used: Timestamp,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// The caller's account; `own` is the secret of the session that asks.
///
/// # Errors
/// When the database does not answer.
pub async fn own_account(desk: &Desk, caller: &Caller, own: Option<&str>) -> Result<OwnAccount> {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    let row = people::find(desk.database.read(), caller.person).await?;
    let this = own.map(|secret| session::code(desk, secret));
    let change = email_change_under_way(desk.database.read(), &row, desk.now()).await?;
    let sessions = session::of_person(desk.database.read(), desk, &row)
        .await?
        .into_iter()
        .map(|one| OwnSession {
            name: session::name(desk, &one),
            device: device(&one.user_agent),
            place: place(&one.address),
            since: Timestamp::from_micros(one.created_at),
            used: Timestamp::from_micros(one.seen_at),
            is_this: this.as_deref() == Some(one.token_hash.as_str()),
        })
        .collect();
    Ok(OwnAccount {
        letters: Ways::from(&row),
        name: row.name,
        username: row.username,
        email: row.email,
        organisation: row.organisation,
        roles: caller.roles.iter().copied().collect(),
        may_ask: desk.policy.snapshot().allows(&subject, SupportAct::Open),
        since: Timestamp::from_micros(row.created_at),
        email_change: change.map(|change| EmailChange {
            email: change.email,
            ends: Timestamp::from_micros(change.expires_at),
            old_confirmed: change.old_confirmed_at.is_some(),
            new_confirmed: change.new_confirmed_at.is_some(),
        }),
        second_factor: row.second_factor_at.map(Timestamp::from_micros),
        passkeys: passkeys::count(desk.database.read(), row.id).await?,
        sessions,
    })
}

/// The caller's passkeys, the oldest first.
///
/// # Errors
/// When the database does not answer, or a passkey cannot be read.
pub async fn own_passkeys(desk: &Desk, caller: &Caller) -> Result<Vec<OwnPasskey>> {
    passkeys::of_person(desk.database.read(), caller.person.0)
        .await?
        .into_iter()
        .map(|row| {
            Ok(OwnPasskey {
                synced: passkeys::is_synced(&row)?,
                id: row.id,
                name: row.name,
                made: Timestamp::from_micros(row.made_at),
                used: row.used_at.map(Timestamp::from_micros),
            })
        })
        .collect()
}

/// One of them.
///
/// # Errors
/// [`Error::NotFound`] for what is no passkey of the caller's.
pub async fn own_passkey(desk: &Desk, caller: &Caller, id: Uuid) -> Result<OwnPasskey> {
    let all = own_passkeys(desk, caller).await?;
    all.into_iter()
        .find(|one| one.id == id)
        .ok_or(Error::NotFound)
}

/// How many recovery codes the caller has left; none where no second factor is asked for.
///
/// # Errors
/// When the database does not answer.
pub async fn recovery_codes_left(desk: &Desk, caller: &Caller) -> Result<Option<usize>> {
    let database = desk.database.read();
    let person = people::find(database, caller.person).await?;
    match person.second_factor_at {
        Some(_) => Ok(Some(second_factor::left(database, person.id).await?)),
        None => Ok(None),
    }
}

/// The recovery codes that follow from this secret, while they are the caller's.
///
/// # Errors
/// When the database does not answer.
pub async fn own_recovery_codes(
    desk: &Desk,
    caller: &Caller,
    secret: &str,
) -> Result<Option<Vec<String>>> {
    let codes = second_factor::recovery_codes(secret);
    let (database, person) = (desk.database.read(), caller.person.0);
    let in_force = second_factor::are_in_force(database, desk, person, &codes).await?;
    Ok(in_force.then_some(codes))
}

/// The caller's authenticator app.
///
/// # Errors
/// When the database does not answer, or its secret cannot be opened.
pub async fn own_second_factor(desk: &Desk, caller: &Caller) -> Result<SecondFactor> {
    let database = desk.database.read();
    let person = people::find(database, caller.person).await?;
    if let Some(since) = second_factor::app_since(database, person.id).await? {
        return Ok(SecondFactor::On {
            since,
            left: second_factor::left(database, person.id).await?,
        });
    }
    match second_factor::of_person(database, person.id).await? {
        Some(row) if second_factor::waits(&row, desk.now()) => Ok(SecondFactor::Waits(
            second_factor::to_pair(desk, &row, &person.username)?,
        )),
        _ => Ok(SecondFactor::Off),
    }
}
