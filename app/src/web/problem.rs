//! What stands in the way where no page answers: refusals of the router, of middleware, of downloads.

use super::{Visit, page};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;

/// A refusal to be shown as a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// What is wrong and what to do, in words.
    pub text: String,
}

impl Problem {
    /// The heading of its page.
    pub(super) const fn title(&self) -> &'static str {
        match self.status {
            401 => "Sign in first",
            404 => "Not found",
            405 => "Nothing to see here",
            408 => "Too late",
            410 => "This link no longer works",
            413 => "Too large",
            414 => "Too long",
            429 => "Too often for now",
            503 => "Not available at the moment",
            500..=599 => "Something went wrong",
            _ => "Not possible",
        }
    }
}

/// The page of a problem, in the frame of whoever asked.
#[component]
pub(crate) fn ProblemPage(problem: Problem) -> impl IntoView {
    provide_meta_context();
    let visit = Visit::current().ok();
    page::problem(visit.as_ref(), problem)
}
