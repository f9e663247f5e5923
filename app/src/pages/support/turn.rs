//! Whose turn it is on a request, to its developer.

use crate::components::{Day, day_text};
use leptos::prelude::*;
use workflow::{Timestamp, state::Side, support::State};

/// Whose turn it is, and until when where that is ahead; nothing of what is over.
pub fn turn(state: State, due: Option<Timestamp>, now: Timestamp) -> AnyView {
    match (state.side(), due) {
        (Side::Developer, _) => "Yours".into_any(),
        (Side::Us, Some(at)) if at >= now => view! { "Ours, by " <Day at=at /> }.into_any(),
        (Side::Us, Some(at)) => {
            view! { "Ours; we are late, it was due on " {day_text(at)} }.into_any()
        }
        (Side::Us, None) => "Ours".into_any(),
        (Side::Nobody, _) => "Nobody’s: it is over".into_any(),
    }
}
