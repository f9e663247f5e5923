//! Two revisions of a submission side by side: `/cases/{number}/compare` for staff,
//! `/applications/{number}/compare` for who handed them in.

use super::{
    differences::{Difference, Two},
    trail,
};
use crate::{
    Caller, Desk, Error, Result,
    cases::sight::{self, Part},
    store::submission::{self, Frozen},
};
use workflow::{CaseNumber, PersonId, Timestamp};

/// Two revisions and where they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    pub number: CaseNumber,
    pub app: String,
    /// All there are, newest first.
    pub revisions: Vec<Revision>,
    /// The older of the two.
    pub from: Revision,
    pub to: Revision,
    pub differences: Vec<Difference>,
    /// What is the same in both, by its label.
    pub alike: Vec<String>,
}

/// A revision as it was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    pub number: u32,
    pub at: Timestamp,
    /// Who handed it in.
    pub by: String,
    pub sha256: String,
}

/// Two revisions of a case, for staff; without numbers the newest and the one before.
///
/// # Errors
/// [`Error::NotFound`] to those who may not read the case, and where there is no such revision.
pub async fn compare(
    desk: &Desk,
    caller: &Caller,
    number: CaseNumber,
    between: (Option<u32>, Option<u32>),
) -> Result<Compared> {
    of_part(desk, caller, number, between, Part::Inside).await
}

/// The same, for the members of the app.
///
/// # Errors
/// As [`compare`].
pub async fn compare_own(
    desk: &Desk,
    caller: &Caller,
    number: CaseNumber,
    between: (Option<u32>, Option<u32>),
) -> Result<Compared> {
    of_part(desk, caller, number, between, Part::Outside).await
}

async fn of_part(
    desk: &Desk,
    caller: &Caller,
    number: CaseNumber,
    (from, to): (Option<u32>, Option<u32>),
    part: Part,
) -> Result<Compared> {
    let connection = desk.database.read();
    let (stored, _) = sight::read(desk, connection, caller, number, part).await?;
    let all = submission::all(connection, stored.row.id).await?;
    let newest = all.last().ok_or(Error::NotFound)?.revision;
    let to = to.unwrap_or(newest);
    let from = from.unwrap_or_else(|| to.saturating_sub(1).max(1));
    let find = |number: u32| {
        let found = all.iter().find(|one| one.revision == number);
        found.ok_or(Error::NotFound)
    };
    let (before, after) = (find(from.min(to))?, find(from.max(to))?);
    let people: Vec<String> = all.iter().map(|one| one.row.made_by.to_string()).collect();
    let names = trail::names(connection, people.iter().map(String::as_str)).await?;
    let revision = |one: &Frozen| Revision {
        number: one.revision,
        at: Timestamp::from_micros(one.row.made_at),
        by: names
            .get(&PersonId(one.row.made_by).0)
            .cloned()
            .unwrap_or_else(|| "Unknown".to_owned()),
        sha256: one.row.sha256.clone(),
    };
    let known = desk.reference.known();
    let two = Two {
        case: &stored.case,
        known: &known,
        before: &before.snapshot,
        after: &after.snapshot,
    };
    Ok(Compared {
        number,
        differences: two.differences(None),
        alike: two.alike(),
        from: revision(before),
        to: revision(after),
        revisions: all.iter().rev().map(revision).collect(),
        app: stored.app.name,
    })
}
