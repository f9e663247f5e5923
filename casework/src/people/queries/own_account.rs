//! `/account`: what is on record about whoever is signed in.

use crate::{Caller, Desk, Result, people::people};
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
}

/// The caller's account.
///
/// # Errors
/// When the database does not answer.
pub async fn own_account(desk: &Desk, caller: &Caller) -> Result<OwnAccount> {
    let row = people::find(desk.database.read(), caller.person).await?;
    Ok(OwnAccount {
        name: row.name,
        username: row.username,
        email: row.email,
        organisation: row.organisation,
        roles: caller.roles.iter().copied().collect(),
        since: Timestamp::from_micros(row.created_at),
    })
}
