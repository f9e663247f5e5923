//! The rows of a run.

use super::{BulkKind, BulkOutcome, RunState};
use crate::{
    Result, Step,
    entities::{bulk_cases, bulk_runs},
};
use sea_orm::{ActiveModelTrait, EntityTrait};
use uuid::Uuid;
use workflow::{CaseNumber, PersonId, state::Seat};

/// Rows of one statement.
const AT_ONCE: usize = 500;

/// A run that is about to be looked at.
#[derive(Clone, Debug)]
pub(crate) struct New {
    pub maker: PersonId,
    pub kind: BulkKind,
    pub to: Option<PersonId>,
    pub tag: Option<Uuid>,
    /// Whether somebody may get more cases than they can hold.
    pub beyond: bool,
    pub note: String,
    /// The page that the cases were chosen on.
    pub list: String,
    /// There were more cases than one run takes.
    pub is_cut: bool,
    /// Each with the seat that is given, where one is.
    pub cases: Vec<(CaseNumber, Option<Seat>)>,
}

/// Writes a run and its cases; answers its id.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn insert(step: &Step<'_>, new: New) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let at = step.now.micros();
    let run = bulk_runs::Model {
        id,
        person_id: new.maker.0,
        kind: new.kind.word().to_owned(),
        to_id: new.to.map(|person| person.0),
        tag_id: new.tag,
        beyond: new.beyond,
        note: new.note,
        list: new.list,
        is_cut: new.is_cut,
        state: RunState::Looking.word().to_owned(),
        made_at: at,
        changed_at: at,
        leased_until: 0,
    };
    bulk_runs::Entity::insert(bulk_runs::ActiveModel::from(run).reset_all())
        .exec_without_returning(step.transaction())
        .await?;
    let rows: Vec<bulk_cases::ActiveModel> = (0..)
        .zip(new.cases)
        .map(|(position, (case, seat))| {
            let row = bulk_cases::Model {
                run_id: id,
                position,
                number: i32::try_from(case.0).unwrap_or(i32::MAX),
                seat: seat.map(|seat| seat.word().to_owned()),
                holder_id: None,
                outcome: BulkOutcome::New.word().to_owned(),
                words: String::new(),
            };
            bulk_cases::ActiveModel::from(row).reset_all()
        })
        .collect();
    for some in rows.chunks(AT_ONCE) {
        bulk_cases::Entity::insert_many(some.to_vec())
            .exec_without_returning(step.transaction())
            .await?;
    }
    Ok(id)
}
