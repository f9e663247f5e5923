//! The pages, forms and islands of Upgrade Desk.
#![recursion_limit = "256"]
