//! What people see of their apps.

mod app_profile;
mod asked;
mod invitations;
mod my_apps;
mod next_steps;
mod places;

pub(crate) use app_profile::may_apply_for;
pub use app_profile::{
    AppProfile, Environment, Invited, Member, SANDBOX_ACCOUNTS, SANDBOX_URL, SCOPES,
    SandboxAccount, Scope, app_profile,
};
pub use asked::AlsoAsked;
pub(crate) use asked::also_asked;
pub use invitations::{InvitationView, my_invitations};
pub use my_apps::{Brief, MyApp, MyApps, my_apps};
use my_apps::{held, suspended};
pub use next_steps::{NextStep, NextSteps, Todo};
pub use places::Place;
