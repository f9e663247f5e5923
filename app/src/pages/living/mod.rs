//! Approvals that live on: changed pages and attestations.

mod approval;
mod change;
mod changes;

pub(super) use approval::{about_app, about_case};
pub use change::ChangePage;
pub use changes::ChangesPage;
