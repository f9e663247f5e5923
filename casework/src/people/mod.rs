//! People and their accounts: registration, sign-in, sessions, passwords, single-use links; and
//! what admins do with them.

pub mod commands;
mod letters;
mod password;
#[expect(
    clippy::module_inception,
    reason = "the record of one person, in the room of people"
)]
mod people;
pub mod queries;
mod register;
mod reset;
mod session;
mod sign_in;
mod throttle;
mod token;

pub use letters::{AccountLetter, post_to_person};
pub use password::{hash, problem as password_problem, verify_password};
pub use people::{NewPerson, add, entry};
pub use people::{create_admin, find};
pub(crate) use people::{key, problems as person_problems};
pub use register::{Registration, register, verify_email};
pub use reset::{accept_invitation, request_reset, reset_password};
pub use session::{Session, find as find_session, sign_out, sign_out_everywhere};
pub use sign_in::{Origin, sign_in, sign_in_for_demo};
pub use token::{Purpose, issue as issue_link, who as link_holder};
