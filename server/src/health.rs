//! Whether the server lives, and whether it can work: for load balancers and those who look after
//! them. Neither says anything that people typed.

use crate::server::Server;
use axum::{Json, extract::State, http::StatusCode};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use std::time::Duration;
use workflow::Timestamp;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// The process answers.
pub async fn live() -> &'static str {
    "live"
}

/// What stands in the way, and what is wrong though work goes on.
#[derive(Serialize)]
pub struct Readiness {
    ready: bool,
    conditions: Vec<Told>,
}

#[derive(Serialize)]
struct Told {
    part: &'static str,
    what: String,
    text: String,
    /// RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Timestamp>,
    /// Whether this instance should get no requests while it lasts.
    grave: bool,
}

impl Told {
    fn grave(part: &'static str, text: &str) -> Self {
        Self {
            part,
            what: part.to_owned(),
            text: text.to_owned(),
            since: None,
            grave: true,
        }
    }
}

/// Whether this instance should get requests: the database answers, the policy is loaded, all
/// workers work and nobody has told it to stop. What is wrong with single records is told too.
pub async fn ready(State(server): State<Server>) -> (StatusCode, Json<Readiness>) {
    let desk = &server.desk;
    let mut conditions = Vec::new();
    if *server.stopping.borrow() {
        conditions.push(Told::grave("server", "it was told to stop"));
    }
    let database = desk.database.read().execute_unprepared("SELECT 1");
    match tokio::time::timeout(PATIENCE, database).await {
        Ok(Ok(_)) => {}
        Ok(Err(_)) | Err(_) => {
            conditions.push(Told::grave("database", "it does not answer"));
        }
    }
    if desk.policy.snapshot().denies_everything() {
        conditions.push(Told::grave(
            "policy",
            "none can be read, so everything is denied",
        ));
    }
    conditions.extend(desk.conditions.list().into_iter().map(|one| Told {
        part: one.part.word(),
        what: one.what,
        text: one.text,
        since: Some(one.since),
        grave: one.part.is_grave(),
    }));
    let ready = !conditions.iter().any(|one| one.grave);
    let status = match ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Json(Readiness { ready, conditions }))
}
