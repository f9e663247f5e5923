//! The pages, one module per screen.

pub mod account;
pub mod demo_mail;
