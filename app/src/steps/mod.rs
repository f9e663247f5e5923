//! Server functions: each carries out one form, by [`crate::web::carry_out`]. They hold no rule:
//! what may happen is decided below them.

pub mod account;
pub mod admin;
pub mod application;
pub mod apps;
pub mod audit;
pub mod cases;
