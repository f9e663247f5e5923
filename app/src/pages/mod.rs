//! The pages, one module per screen.

pub mod account;
pub mod cases;
pub mod demo_mail;
pub mod queue;
