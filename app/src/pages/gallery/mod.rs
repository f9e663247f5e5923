//! The gallery: what everybody sees, what a developer writes, what we look at.

mod entry;
mod grid;
mod images;
mod json_ld;
mod mine;
mod review;
mod shown;
mod texts;

pub use entry::EntryPage;
pub use grid::GalleryPage;
pub use images::EntryImagesPage;
pub use mine::MyEntryPage;
pub use review::{EntriesPage, ReviewEntryPage};
pub use texts::EntryTextsPage;

use crate::components::{Hue, Status};
use leptos::prelude::*;
use workflow::{AppId, gallery::State};

/// Said on every page of the gallery.
pub const DISCLAIMER: &str = "A listing is neither an approval nor an endorsement. What is written here is the developer's own; ask your care team before you rely on an app.";

/// The hue of a state.
const fn hue(state: State) -> Hue {
    match state {
        State::Draft => Hue::Waiting,
        State::InReview => Hue::Us,
        State::ChangesAsked => Hue::Developer,
        State::Published => Hue::Approved,
        State::TakenDown => Hue::Ended,
    }
}

fn state_tag(state: State) -> impl IntoView {
    view! { <Status hue=hue(state) text=state.label() /> }
}

fn disclaimer() -> impl IntoView {
    view! { <p class="gallery-disclaimer">{DISCLAIMER}</p> }
}

/// The pages above one of an app's entry.
fn crumbs(app: AppId, name: &str, deep: bool) -> Vec<(String, String)> {
    let mut crumbs = vec![(name.to_owned(), format!("/apps/{app}"))];
    if deep {
        crumbs.push(("Gallery entry".to_owned(), format!("/apps/{app}/gallery")));
    }
    crumbs
}
