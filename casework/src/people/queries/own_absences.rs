//! `/account/absences`: on which days one is away.

use crate::{
    Caller, Desk, Result,
    accounts::{Absence, absences::of_person},
    policy::{DeskAct, Subject},
};
use std::collections::BTreeSet;

/// One's own absences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAbsences {
    /// Those that are not over, the earliest first.
    pub to_come: Vec<Absence>,
    /// Business days over which cases may be kept at most.
    pub keeps_days: u16,
}

/// The caller's absences.
///
/// # Errors
/// [`crate::Error::NotFound`] to those who are not of ours; when the database does not answer.
pub async fn own_absences(desk: &Desk, caller: &Caller) -> Result<OwnAbsences> {
    let subject = Subject::new(&caller.roles, &BTreeSet::new());
    let may = desk.policy.require(&subject, DeskAct::PlanAbsence);
    may.map_err(|_| crate::Error::NotFound)?;
    Ok(OwnAbsences {
        to_come: of_person(desk.database.read(), caller.person, desk.now().date()).await?,
        keeps_days: desk.reference.known().settings.absence_keeps_days,
    })
}
