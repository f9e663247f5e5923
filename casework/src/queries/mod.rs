//! What people see: one module per screen. Each query asks the policy before it answers.

pub mod trail;
