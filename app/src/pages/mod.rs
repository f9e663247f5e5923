//! The pages, one module per screen.

pub mod account;
