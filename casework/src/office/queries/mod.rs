//! What the office sees.

pub mod admin_published;
pub mod admin_settings;
pub mod agreement;
pub mod also_waiting;
pub mod audit;
mod event_names;

pub(crate) use event_names::EventNames;
