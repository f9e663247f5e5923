//! What people see: one module per screen. Each query asks the policy before it answers.

pub mod agreement;
pub mod attachment;
mod candidates;
pub mod case_page;
mod demo_people;
pub mod queue;
pub mod trail;

pub use candidates::{Candidate, candidates};
pub use demo_people::{DemoPerson, demo_people};
