//! Pass track.

use super::{About, on_case};
use crate::{
    components::{Button, Form, Hidden, Weight},
    refused::Refused,
};
use casework::{Error, commands};
use leptos::{prelude::*, server};
use workflow::{ActionKind, state::Track};

/// Passes a strand of the review.
#[server(prefix = "/do", endpoint = "pass_track")]
pub async fn pass_track() -> Result<(), Refused> {
    on_case(
        "pass_track",
        "review-passed",
        async |visit, caller, envelope| {
            let track = Track::from_word(visit.entry("track")).ok_or(Error::NotFound)?;
            commands::pass_track(&visit.desk, &caller, &envelope, track).await
        },
    )
    .await
}

/// The button.
#[component]
pub fn PassTrackForm(
    about: About,
    track: Track,
    #[prop(optional)] weight: Weight,
) -> impl IntoView {
    let id = format!("pass_track-{}", track.word());
    view! {
        <Form action="/do/pass_track" id=id seen=about.seen back=about.back.clone()>
            {about.field()}
            <Hidden name="track" value=track.word() />
            <Button weight=weight>{ActionKind::pass(track).label()}</Button>
        </Form>
    }
}
