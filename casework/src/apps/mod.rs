//! Apps, their members and their secrets.

pub mod commands;
pub(crate) mod invitations;
pub(crate) mod letters;
pub mod logo;
pub mod queries;
pub mod setup;
