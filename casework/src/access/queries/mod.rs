//! What gateways, developers and admins see of production access.

mod check_user;
mod gateways;
mod known_app;
mod users_of_app;

pub use check_user::{DataEnvironment, check_user};
pub use gateways::{GatewayToken, GatewayTokens, gateway_tokens};
pub use known_app::{KnownApp, KnownSecret, known_app};
pub use users_of_app::{DayOfUsers, UsersOfApp, UsersSeen, users_of_case};
pub(crate) use users_of_app::{users_of_app, users_seen};
