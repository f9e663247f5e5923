//! Pass track.

use super::{About, page_of};
use crate::{
    components::{Button, Weight},
    web::{Done, Next, Visit},
};
use casework::{
    Result,
    commands::{self, Envelope, PassTrackInput},
};
use leptos::prelude::*;
use workflow::{ActionKind, state::Track};

/// Passes a strand of the review.
pub(super) async fn pass_track(visit: Visit, at: Envelope, input: PassTrackInput) -> Result<Next> {
    commands::pass_track(&visit.desk, visit.caller()?, &at, input.track).await?;
    Ok(page_of(at.case, Done::ReviewPassed))
}

/// The button.
#[component]
pub fn PassTrackForm(
    about: About,
    track: Track,
    #[prop(optional)] weight: Weight,
) -> impl IntoView {
    about
        .form::<PassTrackInput>()
        .id(format!("pass_track-{}", track.word()))
        .hidden(PassTrackInput::track(), &track)
        .show(|_| view! { <Button weight=weight>{ActionKind::pass(track).label()}</Button> })
}
