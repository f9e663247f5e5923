//! Between HTTP and the pages: who visits, how a page is answered, how a step is carried out.

mod carry_out;
mod done;
mod next;
mod page;
mod problem;
mod sign;
mod visit;

pub use carry_out::{
    Step, carry_out, carry_out_sent, come_back_with, refused, refused_with_the_rest, resume, tell,
};
pub use done::Done;
pub use next::{Next, encode, is_local_path, own_page};
pub use page::{Page, page};
pub(crate) use page::{not_found, staff_nav};
pub use problem::Problem;
pub(crate) use problem::ProblemPage;
pub use sign::with_passkey_path;
pub(crate) use sign::{carry_on, page_of};
pub use visit::{Mode, Visit};

use axum::http::{HeaderValue, StatusCode, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// Sets the status of the page being drawn.
pub fn set_status(status: u16) {
    if let Some(options) = use_context::<ResponseOptions>()
        && let Ok(status) = StatusCode::from_u16(status)
    {
        options.set_status(status);
    }
}

/// Sets a cookie with the page being drawn.
pub fn set_cookie(cookie: &str) {
    if let Some(options) = use_context::<ResponseOptions>()
        && let Ok(cookie) = HeaderValue::from_str(cookie)
    {
        options.append_header(header::SET_COOKIE, cookie);
    }
}
