//! Release: a responsibility on a case is given back; the case waits for someone again.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Result, input::input};
use async_trait::async_trait;
use workflow::{Action, ActionKind, PersonId, state::Seat};

input! {
    /// The form of a release.
    pub struct ReleaseInput for "release" OnCase {
        hidden seat: Seat;
        /// Who held the seat when the person looked.
        hidden holder: Option<PersonId>;
    }
}

/// Which seat, held by whom when the person looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub seat: Seat,
    pub seen: Option<PersonId>,
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
