//! The building blocks of every page, rendered by the server. None of them needs scripts.
//!
//! Optional texts are plain `String`s: an empty one means "none", so that a page can hand over what
//! a template or a record holds as it is.
//!
//! # Where to begin
//!
//! - A list of staff: [`PageHead`], [`ViewTabs`], [`filters`] with [`FilterChips`], [`DataTable`],
//!   [`Pagination`] and [`PageLinks`]; [`EmptyState`] instead of an empty table.
//! - A case: [`CaseHead`], [`ActionBar`], then two halves: what it is about, with [`Part`]s, [`Facts`] and
//!   a [`Timeline`], and its [`Tasks`] with their [`Checks`].
//! - An application to its developer: [`PageHead`], [`Asked`], [`Stepper`], [`Facts`] facing above.
//! - A form: [`FormOf`] the step's input; its controls are made from it and from the input's tokens.
//!   What was typed and what is wrong is drawn by them, the [`ErrorSummary`] by the page.
//! - Plain classes that pages may use: `stack` (`tight`, `loose`), `row` (`apart`), `soft`,
//!   `quiet-text`, `nowrap`, `as-typed`, `cards`, `form-row`, `visually-hidden`. Never `style`.

pub mod button;
pub mod came_back;
pub mod case;
pub mod case_page;
pub mod chart;
mod choice;
pub mod comparison;
pub mod content;
pub mod export;
pub mod field;
pub mod form;
pub mod frame;
pub mod icon;
pub mod keys;
pub mod life;
pub mod lists;
pub mod logo;
pub mod moment;
pub mod page;
pub mod signing;
pub mod slot;
pub mod status;

pub use button::*;
pub use came_back::*;
pub use case::*;
pub use case_page::*;
pub use chart::Bars;
pub use choice::*;
pub use comparison::{Comparison, SideBySide};
pub use content::*;
pub use export::*;
pub use field::*;
pub use form::*;
pub use frame::*;
pub use icon::*;
pub use keys::*;
pub use life::*;
pub use lists::*;
pub use logo::*;
pub use moment::*;
pub use page::*;
pub use signing::*;
pub use slot::Slot;
pub use status::*;

/// Text for an attribute or a paragraph; an empty one is left out.
pub(crate) fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
