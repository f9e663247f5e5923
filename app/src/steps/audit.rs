//! Steps on the audit trail.

use crate::{refused::Refused, web::carry_out};
use casework::commands;
use leptos::server;

/// Walks the chain.
#[server(prefix = "/do", endpoint = "verify_trail")]
pub async fn verify_trail() -> Result<(), Refused> {
    carry_out("verify_trail", async move |visit| {
        commands::verify_trail(&visit.desk, visit.caller()?).await?;
        Ok("/audit?done=chain-verified".to_owned())
    })
    .await
}
