//! The tests of the rules: one file for a subject, one binary for all.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod findings;
mod form;
mod grid;
mod intake;
mod outcomes;
mod record;
mod relied;
mod review;
mod self_check;
mod support;
mod support_requests;
mod turns;
mod walks;
mod words;
