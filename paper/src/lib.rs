//! A report on paper: [`Report`] and its events in, the bytes of a PDF out ([`Writer`]), or a page of
//! HTML ([`Html`]). Knows nothing
//! of what the report is about; moments and numbers come in as the text in which people read them.

mod bind;
mod data;
mod face;
mod fonts;
mod front;
mod html;
mod line;
mod report;
mod section;
mod shape;
mod sheet;
mod table;
mod wrap;

pub use data::{Bar, Block, Checkpoint, Entry, EventLine, Head, Report, Said, Section};
pub use html::Html;
pub use report::{Writer, render};
pub use sheet::Paper;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A font that we bring along cannot be read, cut down or embedded.
    #[error("font: {0}")]
    Font(String),
}

type Result<T> = std::result::Result<T, Error>;
