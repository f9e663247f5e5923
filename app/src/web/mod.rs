//! Between HTTP and the pages: who visits, how a page is answered, how a form is carried out.

mod carry_out;
mod page;
mod problem;
mod visit;

pub use carry_out::{carry_out, come_back, encode, envelope, see_other, with_done};
pub(crate) use page::not_found;
pub use page::{Page, page};
pub use problem::Problem;
pub(crate) use problem::ProblemPage;
pub use visit::{Mode, Visit, is_local_path};

use axum::http::StatusCode;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// Sets the status of the response being made.
pub fn set_status(status: u16) {
    if let Some(options) = use_context::<ResponseOptions>()
        && let Ok(status) = StatusCode::from_u16(status)
    {
        options.set_status(status);
    }
}
