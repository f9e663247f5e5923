//! The pages, one module per screen.

pub mod account;
pub mod admin;
mod also_waiting;
pub mod application;
pub mod apps;
pub mod audit;
pub mod cases;
pub mod compare;
mod demo_choice;
pub mod demo_mail;
pub mod find;
pub mod gallery;
pub mod inbox;
pub mod living;
pub mod open;
pub mod own;
pub mod partners;
pub mod queue;
pub mod sign_in;
pub mod support;
mod verify;
pub mod workload;
