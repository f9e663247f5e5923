//! The interface for programs: the portal's authorisation server says who has authorised an app,
//! gateways ask whom they may serve. Described by `/api/v1/openapi.json`.

mod activity;
mod apps;
mod authorisations;
mod check;
mod gateway;
mod problem;

use crate::server::Server;
use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    routing::{any, get, post, put},
};
use std::time::Duration;
use tower_http::timeout::TimeoutLayer;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{Http, HttpAuthScheme, SecurityScheme},
};

/// The longest body: a full report has about a third of it.
const MOST_BYTES: usize = 1 << 20;

/// How long a request may take, its body included.
const PATIENCE: Duration = Duration::from_secs(20);

/// The routes.
pub fn routes() -> Router<Server> {
    Router::new()
        .route("/api/v1/apps/{client_id}", get(apps::app))
        .route(
            "/api/v1/apps/{client_id}/authorisations/{subject}",
            put(authorisations::authorise).delete(authorisations::revoke),
        )
        .route("/api/v1/apps/{client_id}/activity", post(activity::report))
        // Envoy puts the path of the request that is checked behind the prefix.
        .route("/api/v1/check", any(check::check))
        .route("/api/v1/check/{*path}", any(check::check))
        .route("/api/v1/openapi.json", get(description))
        .route("/api/{*path}", any(problem::nothing))
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            PATIENCE,
        ))
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Upgrade Desk: production access",
        description = "Who has authorised an app, under its cap, and whom a gateway may serve. Problems are told as RFC 9457 describes.",
        version = "1"
    ),
    paths(
        apps::app,
        authorisations::authorise,
        authorisations::revoke,
        activity::report,
        check::check
    ),
    modifiers(&BearerToken),
    security(("gateway" = []))
)]
struct Description;

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme(
            "gateway",
            SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
        );
    }
}

/// What this interface can do, for programs that make clients of it.
async fn description() -> Json<utoipa::openapi::OpenApi> {
    Json(Description::openapi())
}
