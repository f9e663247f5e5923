//! What developers ask of support, and the questions and answers for everybody that are made of it.
//!
//! What only our side reads stands in a table of its own (`support_notes`), which nothing that a
//! developer sees opens.

pub mod canned;
pub mod commands;
pub(crate) mod letters;
pub mod personal;
pub mod queries;
mod store;

pub(crate) use store::{Stored, reads_inside};
