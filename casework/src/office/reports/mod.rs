//! Copies for people outside the desk: of one case, or of any part of the audit trail, as CSV (every
//! column, so that the chain can be checked without us) and as PDF (for the binder).

mod csv;
mod data;
mod export;
mod pdf;

pub use csv::{COLUMNS, neutral};
pub use data::{EventLine, Head, Report, Signed};
pub use export::{Export, Format, MOST_ON_PAPER, export_case, export_trail};
pub use pdf::{Paper, render};
