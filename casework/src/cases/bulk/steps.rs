//! The step of one case of a run: the same that is taken alone.

use super::{BulkKind, seat};
use crate::{
    Caller, Desk, Error, Result, accounts,
    commands::{Assign, Envelope, assign, remind_developer, tag_case},
    entities::{bulk_cases, bulk_runs},
    words::count,
};
use workflow::{CaseNumber, PersonId, Refusal};

/// Takes the step of this case; whether it was committed, the desk's way of taking says.
///
/// # Errors
/// Those of the step.
pub(super) async fn take(
    desk: &Desk,
    caller: &Caller,
    run: &bulk_runs::Model,
    case: &bulk_cases::Model,
) -> Result<()> {
    let number = CaseNumber(u32::try_from(case.number).map_err(|_| Error::NotFound)?);
    match BulkKind::of(run)? {
        BulkKind::Assign => {
            let to = run.to_id.ok_or(Error::NotFound)?;
            let assignment = Assign {
                seat: seat(case)?,
                to: PersonId(to),
                seen: case.holder_id.map(PersonId),
                note: run.note.clone(),
                within_capacity: !run.beyond,
            };
            let envelope = Envelope {
                case: number,
                seen: None,
            };
            assign(desk, caller, &envelope, assignment).await.map(drop)
        }
        BulkKind::Remind => remind_developer(desk, caller, number).await,
        BulkKind::Tag => tag_case(desk, caller, number, run.tag_id).await,
    }
}

/// Why a step could not be taken on one case.
///
/// # Errors
/// What is wrong with the desk and not with this case.
pub(super) async fn why(desk: &Desk, error: Error) -> Result<String> {
    Ok(match error {
        Error::Refused(Refusal::NotCompetent { seat }) => {
            format!("No role for it: {} is needed", seat.role().label())
        }
        Error::Refused(Refusal::ConflictOfInterest) => "Conflict of interest".to_owned(),
        Error::Refused(Refusal::OneTrackEach) => "Works on the other track of it".to_owned(),
        Error::Refused(Refusal::AlreadyAssigned { .. }) => "Holds it already".to_owned(),
        Error::Refused(Refusal::AtCapacity { open, most }) => full(open, most),
        Error::Refused(Refusal::SeatTaken { now, .. }) => match now {
            Some(person) => {
                let name = accounts::find(desk.database.read(), person).await?.name;
                format!("Changed meanwhile: {name} has it now")
            }
            None => "Changed meanwhile: nobody has it now".to_owned(),
        },
        Error::Refused(refusal) => refusal.to_string(),
        Error::Forbidden { reason, .. } => reason,
        Error::Input { problems } => {
            let texts: Vec<&str> = problems.iter().map(|one| one.text.as_str()).collect();
            texts.join(" ")
        }
        Error::Conflict { .. } => "Changed meanwhile".to_owned(),
        Error::NotFound => "You may not see it".to_owned(),
        Error::Corrupt { .. } => "Its record cannot be read".to_owned(),
        other => return Err(other),
    })
}

/// That somebody can hold no more.
pub(super) fn full(open: u32, most: u32) -> String {
    format!("Can hold no more: {open} of {}", count(most, "case"))
}

/// Of a case where nothing is to be done.
pub(super) const SO_ALREADY: &str = "Is so already";
