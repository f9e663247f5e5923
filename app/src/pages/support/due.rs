//! By when we answer a request, to its developer.

use crate::components::Day;
use leptos::prelude::*;
use workflow::{Timestamp, state::Side, support::State};

/// The day, or that we are late; nothing where it is not our turn.
pub fn we_answer_by(state: State, due: Option<Timestamp>, now: Timestamp) -> Option<AnyView> {
    let at = due.filter(|_| state.side() == Side::Us)?;
    Some(if at < now {
        view! { "We are late: it was due on " <Day at=at /> }.into_any()
    } else {
        view! { <Day at=at /> }.into_any()
    })
}
