//! What the office sees.

pub mod admin_published;
pub mod admin_settings;
pub mod agreement;
pub mod also_waiting;
pub mod audit;
