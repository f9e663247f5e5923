//! The office: agreements, templates and settings, the audit explorer, its reports and the
//! verification.

pub mod commands;
pub mod queries;
pub mod reports;
pub mod verification;
mod visible;
