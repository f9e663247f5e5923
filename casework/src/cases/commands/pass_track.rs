//! Pass track: one strand of the review is done.

use super::{CaseCommand, Done, Envelope, Work, run};
use crate::{Caller, Desk, Result, input::input};
use async_trait::async_trait;
use workflow::{Action, ActionKind, state::Track};

input! {
    /// Which strand of the review passes.
    pub struct PassTrackInput for "pass_track" OnCase {
        hidden track: Track;
    }
}

struct PassTrack(Track);

#[async_trait]
impl CaseCommand for PassTrack {
    fn kind(&self) -> ActionKind {
        ActionKind::pass(self.0)
    }

    async fn prepare(&self, _: &Work<'_>) -> Result<Action> {
        Ok(Action::PassTrack { track: self.0 })
    }
}

/// Passes a track.
///
/// # Errors
/// See [`run`].
pub async fn pass_track(
    desk: &Desk,
    caller: &Caller,
    envelope: &Envelope,
    track: Track,
) -> Result<Done> {
    run(desk, Some(caller), envelope, &PassTrack(track)).await
}
