//! The gallery: entries about apps of partners, drafted by their developers, looked at by us, and
//! shown to everybody. What may become of an entry is said by [`workflow::gallery`]; here are the
//! effects. Whether a published entry is shown follows from the partnership and the access of the
//! moment (`standing`), so that nothing has to be patched when either goes.

pub mod commands;
mod keep;
mod letters;
mod links;
mod listed;
pub mod queries;
mod refused;
mod standing;
mod stands;
mod store;
mod watch;

pub use keep::Keeper;
pub(crate) use letters::REVIEWER;
pub use links::look_at_links;
pub(crate) use listed::Gallery;
pub(crate) use queries::{hash_in, keys_of, storage_key};
pub(crate) use stands::{Still, stands};
pub use watch::look_after_entries;
