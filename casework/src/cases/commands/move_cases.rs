//! Move cases: a lead gives what somebody holds to somebody else, case by case as far as it goes.

use super::{Assign, Envelope, assign, release::LONGEST_NOTE};
use crate::{
    By, Caller, Desk, Error, Result, Step,
    accounts::{self, absences::away_until},
    audit::Subject,
    input::input,
    policy::DeskAct,
    queries::{Moved, audit::may, held_seats},
    typed,
    words::day,
};
use workflow::{PersonId, Refusal};

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

/// Gives each seat that a person holds, or each in an overdue case, to somebody else, where the two
/// go together; answers for each case what came of it, and so does the trail.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Input`] where nobody was chosen, the one chosen is away, or there
/// is nothing to move.
pub async fn move_cases(desk: &Desk, caller: &Caller, input: &MoveCasesInput) -> Result<Moved> {
    may(desk, caller, DeskAct::ManageWorkload)?;
    let person = input.person;
    let to = input
        .to
        .filter(|to| *to != person)
        .ok_or_else(|| Error::field("to", "To: choose somebody else."))?;
    let connection = desk.database.read();
    accounts::find(connection, to).await?;
    if let Some(until) = away_until(connection, to, desk.now().date()).await? {
        let text = format!("To: this person is away until {}.", day(until));
        return Err(Error::field("to", text));
    }
    let note = typed::limited("note", "Hand-over note", &input.note, LONGEST_NOTE)?;
    let mut seats = held_seats(desk, caller, person).await?;
    seats.retain(|held| input.which != "overdue" || held.overdue);
    if seats.is_empty() {
        return Err(Error::field(
            "which",
            "Which cases: there are none of these.",
        ));
    }
    let mut outcome = Moved {
        person,
        to,
        moved: Vec::new(),
        left: Vec::new(),
    };
    for held in seats {
        let envelope = Envelope {
            case: held.case,
            seen: None,
        };
        let assignment = Assign {
            seat: held.seat,
            to,
            seen: Some(person),
            note: note.clone(),
            within_capacity: false,
        };
        match assign(desk, caller, &envelope, assignment).await {
            Ok(_) => outcome.moved.push(held.case),
            Err(error) => outcome.left.push((held.case, why(error)?)),
        }
    }
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    let body = serde_json::to_value(&outcome)?;
    step.append(Subject::Person(person.0), "cases_moved", body, note);
    step.commit().await?;
    Ok(outcome)
}

/// Why one case stays.
///
/// # Errors
/// What is wrong with the desk and not with this case.
fn why(error: Error) -> Result<String> {
    Ok(match error {
        Error::Refused(Refusal::NotCompetent { seat }) => {
            format!("no role for it: {} is needed", seat.role().label())
        }
        Error::Refused(Refusal::ConflictOfInterest) => "conflict of interest".to_owned(),
        Error::Refused(Refusal::OneTrackEach) => "works on the other track of it".to_owned(),
        Error::Refused(Refusal::AlreadyAssigned { .. } | Refusal::SeatTaken { .. })
        | Error::Conflict { .. } => "has changed meanwhile".to_owned(),
        Error::Refused(refusal) => refusal.to_string(),
        Error::Forbidden { reason, .. } => reason,
        Error::NotFound => "you may not see it".to_owned(),
        Error::Corrupt { .. } => "its record cannot be read".to_owned(),
        other => return Err(other),
    })
}
