//! One module per table. Moments are microseconds since 1970 in UTC, in columns named `…_at`.

pub mod agreements;
pub mod app_members;
pub mod apps;
pub mod attachments;
pub mod audit_events;
pub mod audit_heads;
pub mod captured_mails;
pub mod case_views;
pub mod cases;
pub mod drafts;
pub mod grants;
pub mod holidays;
pub mod kept_forms;
pub mod once_keys;
pub mod outbox;
pub mod people;
pub mod policy_rules;
pub mod policy_versions;
pub mod sessions;
pub mod settings;
pub mod signatures;
pub mod submissions;
pub mod templates;
pub mod throttles;
pub mod tokens;
