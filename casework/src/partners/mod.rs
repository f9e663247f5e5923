//! Digital Health Partners: owners of apps with Full Access apply, a partner manager proposes, an
//! approver decides, and the clock watches that the criteria are met. What follows from dates is said
//! by [`workflow::partners`]; here are the effects.
//!
//! How a partnership stands is worked out of dated facts wherever it is asked; the column `state`
//! holds what people were last told, so that each change is told once.

mod evidence;
mod store;

pub use store::{in_good_standing, partners_in_good_standing};
