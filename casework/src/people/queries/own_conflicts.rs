//! `/account/conflicts`: with which organisations one is in conflict of interest.

use crate::{
    Caller, Desk, Error, Result,
    accounts::{Conflict, conflicts::conflicts_of},
    policy::{DeskAct, Subject},
};
use std::collections::BTreeSet;

/// The caller's declared conflicts.
///
/// # Errors
/// [`Error::NotFound`] to those who are not of ours; when the database does not answer.
pub async fn own_conflicts(desk: &Desk, caller: &Caller) -> Result<Vec<Conflict>> {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    let may = desk.policy.require(&subject, DeskAct::DeclareConflict);
    may.map_err(|_| Error::NotFound)?;
    conflicts_of(desk.database.read(), caller.person).await
}
