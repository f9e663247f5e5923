//! What people see: one module per screen. Each query asks the policy before it answers.

pub mod agreement;
mod demo_people;
pub mod trail;

pub use demo_people::{DemoPerson, demo_people};
