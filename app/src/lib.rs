//! The pages, forms and islands of Upgrade Desk.
#![recursion_limit = "256"]

#[cfg(feature = "ssr")]
pub mod components;
