//! Apps, their members and their secrets.

pub mod commands;
pub(crate) mod invitations;
mod letters;
pub mod queries;
