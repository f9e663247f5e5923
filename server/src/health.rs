//! Whether the server lives, and whether it can work: for load balancers.

use crate::router::Server;
use axum::{extract::State, http::StatusCode};
use sea_orm::ConnectionTrait;

/// The process answers.
pub async fn live() -> &'static str {
    "live"
}

/// The database answers.
pub async fn ready(State(server): State<Server>) -> (StatusCode, &'static str) {
    let database = server.desk.database.read();
    match database.execute_unprepared("SELECT 1").await {
        Ok(_) => (StatusCode::OK, "ready"),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer",
        ),
    }
}
