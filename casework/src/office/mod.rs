//! The office: agreements, templates and settings, the audit explorer and its reports.

pub mod commands;
pub mod queries;
pub mod reports;
