//! A report on paper: [`Report`] in, the bytes of a PDF out ([`render`]). Knows nothing of what the
//! report is about; moments and numbers come in as the text in which people read them.

mod data;
mod fonts;
mod line;
mod report;
mod shape;
mod sheet;

pub use data::{EventLine, Head, Report, Signed};
pub use report::render;
pub use sheet::Paper;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A font that we bring along cannot be read, cut down or embedded.
    #[error("font: {0}")]
    Font(String),
}

type Result<T> = std::result::Result<T, Error>;
