//! Support: questions and answers for everybody, requests of developers, the queue of ours.

mod article;
mod due;
mod home;
mod new_request;
mod queue;
mod request;
mod texts;
mod work;

pub use article::{ArticlePage, WriteArticlePage};
pub use home::SupportPage;
pub use new_request::{NewRequestPage, answers_to, ask_address};
pub use queue::RequestsQueuePage;
pub use request::RequestScreen;
pub use texts::{CannedTextPage, CannedTextsPage};

use crate::components::{Hue, Status};
use casework::support::queries::ArticleLine;
use leptos::prelude::*;
use workflow::support::State;

/// What is said beside a field of files.
const FILES_HINT: &str =
    "PNG, JPEG, WebP, GIF or PDF of at most 20 MB each, MP4 or WebM of 100 MB.";

/// What its picker offers.
const FILES_ACCEPTED: &str =
    "image/png,image/jpeg,image/webp,image/gif,video/mp4,video/webm,application/pdf";

/// The page above.
fn crumbs() -> Vec<(String, String)> {
    vec![("Support".to_owned(), "/support".to_owned())]
}

/// The hue of a state.
const fn hue(state: State) -> Hue {
    match state {
        State::Open => Hue::Waiting,
        State::WaitingForUs => Hue::Us,
        State::WaitingForDeveloper => Hue::Developer,
        State::Solved => Hue::Approved,
        State::Closed | State::Merged | State::Moved => Hue::Ended,
    }
}

/// The state of a request, in the words of who reads.
fn state_tag(state: State, to_developer: bool) -> impl IntoView {
    let text = match (to_developer, state) {
        (true, State::Open | State::WaitingForUs) => "Our turn",
        (true, State::WaitingForDeveloper) => "Your turn",
        _ => state.label(),
    };
    view! { <Status hue=hue(state) text=text /> }
}

/// Articles, one under the other.
fn article_list(articles: Vec<ArticleLine>) -> impl IntoView {
    let items = articles
        .into_iter()
        .map(|one| {
            let href = format!("/support/articles/{}", one.slug);
            view! {
                <li>
                    <a href=href>{one.title}</a>
                    <span class="soft">" · " {one.category.label()}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul>{items}</ul> }
}
