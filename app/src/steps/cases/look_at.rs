//! A sign of life from an open page.

use crate::{refused::Refused, web::carry_out};
use casework::commands;
use leptos::server;

/// Notes that the person has the case open. Sent by the page's island; changes nothing of the
/// case.
#[server(prefix = "/do", endpoint = "look_at")]
pub async fn look_at() -> Result<(), Refused> {
    carry_out("look_at", async move |visit: crate::web::Visit| {
        let caller = visit.caller()?.clone();
        let case = visit.parsed("case")?;
        commands::look_at(&visit.desk, &caller, case).await?;
        Ok(format!("/cases/{case}"))
    })
    .await
}
