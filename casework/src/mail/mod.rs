//! Mail: letters are written into the outbox with the change that causes them, and sent by a
//! worker afterwards.

mod account;

pub use account::{AccountLetter, post_to_person};

use crate::{Result, commands::Work};
use workflow::{Case, Recorded};

/// Writes the letters that follow from `events` into the outbox; `case` is the case after them,
/// `work` the step before.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn post(_work: &Work<'_>, _case: &Case, _events: &[Recorded]) -> Result<()> {
    Ok(())
}
