//! Digital Health Partners: the programme, the partnerships, one app and its partnership, and what is
//! signed about it.

mod agreement;
mod decide;
mod home;
mod partner;
mod work;

pub use agreement::ReacceptPage;
pub use decide::DecidePartnerPage;
pub use home::PartnersPage;
pub use partner::PartnerPage;

use crate::components::{Hue, Status, Tag};
use casework::partners::queries::CriterionView;
use leptos::prelude::*;
use workflow::{AppId, partners::State};

/// The page of an app and its partnership.
pub fn partner_path(app: AppId) -> String {
    format!("/partners/{app}")
}

/// The page above.
fn crumbs() -> Vec<(String, String)> {
    vec![("Partners".to_owned(), "/partners".to_owned())]
}

const fn hue(state: State) -> Hue {
    match state {
        State::None | State::Declined | State::Ended => Hue::Ended,
        State::Applied => Hue::Waiting,
        State::Proposed => Hue::Us,
        State::Active => Hue::Approved,
        State::Warned => Hue::Developer,
        State::Resting => Hue::Overdue,
    }
}

/// A state in a word.
fn state_tag(state: State) -> impl IntoView {
    view! { <Status hue=hue(state) text=state.label() /> }
}

/// A criterion with its evidence, and what it lacks.
fn criterion(one: &CriterionView) -> impl IntoView + use<> {
    let (hue, word) = if one.met {
        (Hue::Approved, "Met")
    } else {
        (Hue::Overdue, "Not met")
    };
    let missing = one
        .missing
        .iter()
        .map(|text| view! { <li><strong>{text.clone()}</strong></li> })
        .collect_view();
    let evidence = one
        .evidence
        .iter()
        .map(|text| view! { <li class="whole">{text.clone()}</li> })
        .collect_view();
    view! {
        <h3>{one.criterion.label()} " " <Tag hue=hue text=word /></h3>
        <ul>{missing} {evidence}</ul>
    }
}
