//! Copies for people outside the desk: of one case, or of any part of the audit trail, as CSV (every
//! byte that was hashed, so that the chain can be checked without us) and as PDF (for the binder,
//! written by [`paper`]).

mod bundle;
mod csv;
mod export;
mod record;

pub use bundle::{bundle_of_case, bundle_of_trail};

pub use csv::{COLUMNS, neutral};
pub use export::{Export, Format, export_case, export_trail};
pub use paper::Paper;
