//! Which step is possible in which state.

use super::State;
use crate::relation::words;
use serde::{Deserialize, Serialize};

words! {
    /// A step that changes a partnership.
    Step {
        Apply = "apply",
        /// Before the decision the application is taken back; afterwards the partnership ends.
        Leave = "leave",
        Propose = "propose",
        /// The proposal is taken back before anybody has decided.
        TakeBack = "take_back",
        Decide = "decide",
    }
}

/// Why a step is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "partner", rename_all = "snake_case")]
pub enum Refused {
    #[error("This app has applied already; the application waits for us.")]
    AppliedBefore,
    #[error("This app is a partner already.")]
    PartnerAlready,
    #[error("There is no application and no partnership that could end.")]
    NothingToLeave,
    #[error("There is no application that waits for a proposal.")]
    NothingToPropose,
    #[error("There is no proposal that could be taken back.")]
    NothingToTakeBack,
    #[error("There is no proposal that waits for a decision.")]
    NothingToDecide,
    #[error("Not every criterion is met: {}", missing.join(" "))]
    Unmet { missing: Vec<String> },
    #[error("Only an app with Full Access can be a Digital Health Partner.")]
    NoFullAccess,
    #[error("This version of the agreement has been accepted for the app.")]
    AcceptedBefore,
}

/// Whether a step is possible where the partnership stands so.
///
/// # Errors
/// Why not.
pub const fn allowed(step: Step, state: State) -> Result<(), Refused> {
    match (step, state) {
        (Step::Apply, State::None | State::Declined | State::Ended)
        | (
            Step::Leave,
            State::Applied | State::Proposed | State::Active | State::Warned | State::Resting,
        )
        | (Step::Propose, State::Applied)
        | (Step::TakeBack | Step::Decide, State::Proposed) => Ok(()),
        (Step::Apply, State::Applied | State::Proposed) => Err(Refused::AppliedBefore),
        (Step::Apply, State::Active | State::Warned | State::Resting) => {
            Err(Refused::PartnerAlready)
        }
        (Step::Leave, State::None | State::Declined | State::Ended) => Err(Refused::NothingToLeave),
        (Step::Propose, _) => Err(Refused::NothingToPropose),
        (Step::TakeBack, _) => Err(Refused::NothingToTakeBack),
        (Step::Decide, _) => Err(Refused::NothingToDecide),
    }
}
