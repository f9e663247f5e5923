//! What people see of living approvals.

mod approval;
mod change;
mod changes;

pub use super::exchange::Saying;
pub use approval::{Approval, Raised, ToDeveloper, WatchedPage, approval_of_app, approval_of_case};
pub use change::{ChangeView, SaidOfChange, Texts, change};
pub use changes::{CHANGES_AT_ONCE, ChangeLine, Changes, changes};
