//! Sending: the worker that takes letters out of the outbox, and the look at whether each still
//! applies. It stands above the rooms that write letters, for it asks them again.

mod applies;
mod worker;

pub use worker::{Pace, Worker};
