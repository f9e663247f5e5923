//! The rules of an upgrade application.
//!
//! A [`Case`] is the whole working state of one application. [`decide()`] answers, for a case and an
//! [`Action`], either the [`Event`]s that follow or the [`Refusal`] that says why not;
//! [`Case::apply`] is the only way a case changes, so a case is always the fold of its events.
//!
//! Nothing here is asynchronous, reads a clock or draws a random number: time and identifiers come
//! in as values, so every rule can be tested at any date.

pub mod about;
pub mod access;
pub mod action;
pub mod attached;
pub mod calendar;
pub mod case;
pub mod checklist;
pub mod clock;
pub mod compare;
pub mod decide;
pub mod eta;
pub mod event;
pub mod form;
pub mod gallery;
pub mod guard;
pub mod ids;
pub mod life;
pub mod limits;
pub mod living;
pub mod mailbox;
pub mod partners;
pub mod redirect;
pub mod refusal;
pub mod relation;
pub mod relied;
pub mod said;
pub mod seen;
pub mod self_check;
pub mod settings;
pub mod start;
pub mod state;
pub mod support;
pub mod text;
pub mod timestamp;
pub mod transition;
pub mod turn;
pub mod users;

pub use action::{Action, ActionKind};
pub use attached::FilesOf;
pub use calendar::Calendar;
pub use case::Case;
pub use decide::{Context, available, decide};
pub use event::{Actor, Event, Recorded};
pub use ids::*;
pub use refusal::Refusal;
pub use relation::{Relation, Role};
pub use said::{Internal, Outward};
pub use seen::{Seen, seen_is_present};
pub use settings::Settings;
pub use state::{State, StateKind};
pub use timestamp::Timestamp;
pub use turn::{Turn, Who};
