//! What every room stands on.

pub mod audit;
mod caller;
pub mod conditions;
mod costly;
pub mod database;
mod desk;
pub mod digest;
pub mod entities;
mod error;
pub mod files;
pub(crate) mod images;
pub mod input;
pub mod kept;
pub(crate) mod limits;
mod lock;
mod once;
pub mod paging;
pub mod policy;
pub mod read_only;
pub mod reference;
pub mod relations;
pub(crate) mod rows;
mod step;
pub mod sweep;
pub mod text;
pub(crate) mod typed;
pub mod words;

pub use caller::{Caller, roles_from_words, words_from_roles};
pub use conditions::{Condition, Conditions, Part};
pub(crate) use costly::{costly, drawing};
pub use desk::{Clock, Desk, Parts, SecondAdmin, SystemClock, context};
pub use error::{Error, OTHER_PERSON, Result, SET_UP_FIRST};
pub(crate) use lock::{Lock, take};
pub use once::{Once, Sending};
pub use step::{By, Step};
