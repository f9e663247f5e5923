//! What the integration tests share: a desk on a database of its own, a clock that stands still
//! until it is moved, a store in memory, a pretend link checker, and a story's people and steps.
//!
//! A test runs on both engines:
//!
//! ```ignore
//! use crate::support::*;
//!
//! #[rstest]
//! #[tokio::test(flavor = "multi_thread")]
//! async fn a_reviewer_cannot_approve_the_case_she_reviewed(
//!     #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
//! ) {
//!     let story = Story::begin(engine).await;
//!     let case = story.case_in(AccessLevel::Limited, StateKind::Decision).await;
//!     …
//! }
//! ```

pub mod actions;
pub mod bench;
pub mod gate;
pub mod passkey;
pub mod records;
pub mod rig;
pub mod shelf;
pub mod smtp;
pub mod story;
pub mod templates;
pub mod web;
pub mod words;

pub use rig::{Engine, Rig};
pub use rstest::rstest;
pub use story::{Act, Story, new_id};

pub use casework::{Caller, Desk, Error};
pub use workflow::{
    Action, ActionKind, AppId, CaseNumber, PersonId, Refusal, Role, StateKind, Timestamp,
    state::AccessLevel, state::Seat, state::Track,
};
