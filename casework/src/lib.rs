//! Everything that has an effect: records, policy, mail, reports. What may happen is decided in
//! [`workflow`]; who may is answered by [`policy`]; both are asked in [`commands::run`] and in
//! [`queries`] alone.

pub mod accounts;
pub mod audit;
mod caller;
pub mod commands;
pub mod conditions;
pub mod database;
pub mod demo;
mod desk;
pub mod entities;
mod error;
pub mod files;
pub mod kept;
pub mod links;
pub mod mail;
pub mod policy;
pub mod queries;
pub mod reference;
pub mod reports;
pub mod signatures;
pub mod store;
pub(crate) mod text;
pub mod words;

pub use caller::{Caller, roles_from_words, words_from_roles};
pub use conditions::{Condition, Conditions, Part};
pub use desk::{Clock, Desk, Parts, SystemClock, context};
pub use error::{Error, Result};
