//! Steps on the audit trail.

use crate::{refused::Refused, web::carry_out};
use casework::commands;
use leptos::server;

/// Verifies the trail. What came of it stands on the page, which reads it from the trail itself.
#[server(prefix = "/do", endpoint = "verify_trail")]
pub async fn verify_trail() -> Result<(), Refused> {
    carry_out("verify_trail", async move |visit| {
        commands::verify_trail(&visit.desk, visit.caller()?).await?;
        Ok("/audit#verification".to_owned())
    })
    .await
}
