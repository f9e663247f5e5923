//! What admins do with people.

mod confirm_roles;
mod disable_person;
mod invite_person;
mod person_step;
mod role_request;
mod set_roles;

pub use confirm_roles::{ConfirmRolesInput, RefuseRolesInput, confirm_roles, refuse_roles};
pub use disable_person::{DisablePersonInput, EnablePersonInput, disable_person, enable_person};
pub use invite_person::{Invitation, InvitePersonInput, Invited, invite_person};
pub(crate) use role_request::admins;
pub use role_request::{Given, RequestKind, RequestState};
pub use set_roles::{RoleChange, SetRolesInput, set_roles};
