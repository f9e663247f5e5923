//! A sign of life from an open page.

use crate::web::{Next, Visit};
use casework::{
    Result,
    commands::{self, Envelope, LookAtInput},
};

/// Notes that the person has the case open. Sent by the page's island; changes nothing of the
/// case.
pub(super) async fn look_at(visit: Visit, at: Envelope, _: LookAtInput) -> Result<Next> {
    commands::look_at(&visit.desk, visit.caller()?, at.case).await?;
    Ok(Next::to(format!("/cases/{}", at.case)))
}
