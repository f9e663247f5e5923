//! Move cases: a lead gives what somebody holds to somebody else, as a run that is looked at first.

use super::{
    bulk::{begin, chosen},
    release::LONGEST_NOTE,
};
use crate::{
    Caller, Desk, Error, Result,
    cases::bulk::{BulkKind, MOST_IN_RUN, New},
    input::input,
    policy::DeskAct,
    queries::{audit::may, held_seats},
    typed,
};
use uuid::Uuid;
use workflow::PersonId;

input! {
    /// Whose cases go to whom.
    pub struct MoveCasesInput for "move_cases" OnDesk {
        hidden person: PersonId;
        typed to: Option<PersonId> = "To";
        /// `all` or `overdue`.
        typed which: String = "Which cases" up to 20;
        typed note: String = "Hand-over note" up to 1_000;
    }
}

/// Begins a run that gives each seat that a person holds, or each in an overdue case, to somebody
/// else, also beyond what they can hold; answers its id.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Input`] where nobody was chosen, the one chosen is away, or there
/// is nothing to move.
pub async fn move_cases(desk: &Desk, caller: &Caller, input: &MoveCasesInput) -> Result<Uuid> {
    may(desk, caller, DeskAct::ManageWorkload)?;
    let person = input.person;
    let to = input
        .to
        .filter(|to| *to != person)
        .ok_or_else(|| Error::field("to", "To: choose somebody else."))?;
    let to = chosen(desk, Some(to)).await?;
    let note = typed::limited("note", "Hand-over note", &input.note, LONGEST_NOTE)?;
    let mut seats = held_seats(desk, caller, person, MOST_IN_RUN).await?;
    seats.retain(|held| input.which != "overdue" || held.overdue);
    if seats.is_empty() {
        return Err(Error::field(
            "which",
            "Which cases: there are none of these.",
        ));
    }
    let new = New {
        maker: caller.person,
        kind: BulkKind::Assign,
        to: Some(to),
        tag: None,
        beyond: true,
        note,
        list: format!("/workload/{person}"),
        is_cut: false,
        cases: seats
            .into_iter()
            .map(|held| (held.case, Some(held.seat)))
            .collect(),
    };
    begin(desk, caller, new).await
}
