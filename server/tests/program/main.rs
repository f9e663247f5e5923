//! The tests of the program as it is delivered: every one starts it and speaks to it from outside.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod answers;
mod api;
mod attacks;
mod audit_log;
mod command_line;
mod forms;
mod gallery;
mod gate;
mod html;
mod kill;
mod kill_bulk;
mod kill_reviews;
mod live;
mod living;
mod log;
mod migrate;
mod open_pages;
mod patience;
mod payloads;
mod search;
mod second_factor;
mod sendings;
mod support;
mod support_pages;
mod uploads;
mod verify;
mod workspace;
