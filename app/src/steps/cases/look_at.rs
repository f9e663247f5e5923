//! A sign of life from an open page.

use crate::web::{Next, Visit};
use casework::{
    Result,
    commands::{self, Envelope, LookAtInput, Looks},
};

/// Notes that the person has the case open, and whether they write. Sent by the page's island; changes nothing of the
/// case.
pub(super) async fn look_at(visit: Visit, at: Envelope, input: LookAtInput) -> Result<Next> {
    let looks = match input.writing {
        true => Looks::Writes,
        false => Looks::Reads,
    };
    commands::look_at(&visit.desk, visit.caller()?, at.case, looks).await?;
    Ok(Next::to(format!("/cases/{}", at.case)))
}
