//! Copies for people outside the desk: of one case, or of any part of the audit trail, as CSV (every
//! byte that was hashed, so that the chain can be checked without us) and as PDF (for the binder,
//! written by [`paper`]).

mod bundle;
mod csv;
mod export;
mod record;

use crate::{By, Caller, Desk, Result, Step, audit::Subject};
use serde_json::Value;

pub use bundle::{bundle_of_case, bundle_of_trail};

pub use csv::{COLUMNS, neutral};
pub use export::{Export, Format, export_case, export_trail};
pub use paper::Paper;

/// Who took which copy is an event of the trail.
async fn note(
    desk: &Desk,
    caller: &Caller,
    about: Subject,
    name: &'static str,
    body: Value,
) -> Result<()> {
    let mut step = Step::begin(desk, By::Person(caller)).await?;
    step.append(about, name, body, String::new());
    step.commit().await
}
