//! The building blocks of every page, rendered by the server. None of them needs scripts.
//!
//! Optional texts are plain `String`s: an empty one means "none", so that a page can hand over what
//! a template or a record holds as it is.

pub mod case;
pub mod content;
pub mod field;
pub mod form;
pub mod frame;
pub mod icon;
pub mod lists;
pub mod moment;
pub mod page;
pub mod status;

pub use case::*;
pub use content::*;
pub use field::*;
pub use form::*;
pub use frame::*;
pub use icon::*;
pub use lists::*;
pub use moment::*;
pub use page::*;
pub use status::*;

/// Text for an attribute or a paragraph; an empty one is left out.
pub(crate) fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
