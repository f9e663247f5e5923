//! The rules of the gallery: an entry about an app, drafted by its developer, reviewed, and shown to
//! everybody. As with applications, nothing here reads a clock or knows who asks; [`decide`] answers
//! what becomes of an entry, or the [`Refused`] that says why not.

mod compare;
mod entry;
mod listing;
mod transition;
mod words;

pub use compare::{Change, changes};
pub use entry::{Entry, Facts, Refused, available, decide};
pub use listing::{
    ACCESSIBILITY, ALT, DESCRIPTION, Image, LINK, Listing, MOST_SCREENSHOTS, NAME, Screenshot,
    TAGLINE, faults, missing,
};
pub use transition::{ActionKind, To, Transition, of};
pub use words::{ImageKind, Language, Platform, Region, State, Store};

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests;
