//! What admins do with people.

mod disable_person;
mod invite_person;
mod person_step;
mod set_roles;

pub use disable_person::{disable_person, enable_person};
pub use invite_person::{Invitation, invite_person};
pub use set_roles::set_roles;
