//! Apps, their members and their secrets.

pub mod commands;
pub mod queries;
