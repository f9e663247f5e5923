//! Release: a responsibility on a case is given back; the case waits for someone again.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Result, input::input, typed};
use async_trait::async_trait;
use workflow::{Action, ActionKind, Internal, PersonId, Timestamp, state::Seat};

/// The longest hand-over note, in characters.
pub(crate) const LONGEST_NOTE: usize = 1_000;

input! {
    /// The form of a release.
    pub struct ReleaseInput for "release" OnCase {
        hidden seat: Seat;
        /// Who held the seat when the person looked.
        hidden holder: Option<PersonId>;
        typed note: String = "Hand-over note" up to 1_000;
    }
}

/// Which seat, held by whom when the person looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub seat: Seat,
    pub seen: Option<PersonId>,
    /// What the next holder is to know; empty for nothing.
    pub note: String,
    /// The end of the holder's absence, where the clock gives back for it.
    pub away: Option<Timestamp>,
}

#[async_trait]
impl CaseCommand for Release {
    fn kind(&self) -> ActionKind {
        ActionKind::release(self.seat)
    }

    async fn prepare(&self, _: &Work<'_>) -> Result<Action> {
        Ok(Action::Release {
            seat: self.seat,
            seen: self.seen,
            note: Internal::written(typed::limited(
                "note",
                "Hand-over note",
                &self.note,
                LONGEST_NOTE,
            )?),
            away: self.away,
        })
    }
}

/// Gives a seat back.
///
/// # Errors
/// See [`run`].
pub async fn release(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    release: Release,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &release).await
}
