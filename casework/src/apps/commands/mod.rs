//! What people do with their apps.

mod add_member;
mod app_step;
mod change_member;
mod create_app;
mod edit_app;
mod remove_member;
mod replace_secret;
mod secret;

pub use add_member::{Authority, add_member};
pub(crate) use app_step::{AppStep, app_subject};
pub use change_member::change_member;
pub use create_app::{AppText, Created, create_app};
pub use edit_app::edit_app;
pub use remove_member::remove_member;
pub use replace_secret::replace_secret;
pub use secret::Secret;
