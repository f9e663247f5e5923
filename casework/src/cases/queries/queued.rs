//! How many cases "Get next" gives away before one that nobody has taken.

use crate::{Result, cases::commands::waiting_for, entities::cases::Column as C, store::Stored};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, PaginatorTrait, QueryFilter, QuerySelect};
use workflow::state::{Seat, StateKind};

/// Up to here they are counted.
pub const MOST_BEFORE: u64 = 99;

/// A seat of a case that waits for somebody to take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queued {
    pub seat: Seat,
    /// How many cases were submitted before it and wait for the same; none where there are more than
    /// [`MOST_BEFORE`].
    pub before: Option<u64>,
}

/// The seats of a case that wait for somebody; none where work on it has begun in all of them, or it is
/// not our turn.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn queued(
    connection: &impl ConnectionTrait,
    stored: &Stored,
) -> Result<Vec<Queued>> {
    let row = &stored.row;
    let seats: &[(Seat, bool)] = match stored.case.state.kind() {
        StateKind::Submitted | StateKind::Completeness => {
            &[(Seat::Case, row.assignee_id.is_none())]
        }
        StateKind::Review => &[
            (
                Seat::Commercial,
                row.commercial_open && row.commercial_id.is_none(),
            ),
            (
                Seat::Technical,
                row.technical_open && row.technical_id.is_none(),
            ),
        ],
        _ => &[],
    };
    let mut found = Vec::new();
    for (seat, is_free) in seats {
        if *is_free && let Some(submitted) = row.submitted_at {
            let earlier = Condition::any().add(C::SubmittedAt.lt(submitted)).add(
                Condition::all()
                    .add(C::SubmittedAt.eq(submitted))
                    .add(C::Number.lt(row.number)),
            );
            let counted = waiting_for(*seat)
                .filter(earlier)
                .limit(MOST_BEFORE + 1)
                .count(connection)
                .await?;
            found.push(Queued {
                seat: *seat,
                before: (counted <= MOST_BEFORE).then_some(counted),
            });
        }
    }
    Ok(found)
}
