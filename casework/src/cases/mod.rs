//! Applications for an upgrade, from draft to decision.

pub mod bulk;
pub mod commands;
pub mod letters;
pub(crate) mod load;
pub mod pending;
pub mod queries;
pub(crate) mod reasons;
pub mod search;
pub mod sight;
pub mod signatures;
pub mod store;
pub(crate) mod stuck;
mod waiving;
