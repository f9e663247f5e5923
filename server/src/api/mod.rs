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
    openapi::{
        ContentBuilder, PathItem, Ref, ResponseBuilder,
        path::ParameterIn,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
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
        description = "Who has authorised an app, under its cap, and whom a gateway may serve. Problems are told as RFC 9457 describes, those of an address or a method that there is not (404, 405) too.",
        version = "1"
    ),
    paths(
        apps::app,
        authorisations::authorise,
        authorisations::revoke,
        activity::report,
        check::check
    ),
    modifiers(&BearerToken, &Unreadable),
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

/// What every route may answer before it has read what it was asked, or could not.
struct Unreadable;

impl Modify for Unreadable {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        for item in openapi.paths.paths.values_mut() {
            let PathItem {
                get,
                put,
                post,
                delete,
                ..
            } = item;
            for operation in [get, put, post, delete].into_iter().flatten() {
                let mut parameters = operation.parameters.iter().flatten();
                let is_named = parameters.any(|one| one.parameter_in == ParameterIn::Path);
                let has_body = operation.request_body.is_some();
                let told = [
                    (is_named, 400, "the address cannot be read"),
                    (has_body, 413, "the body is longer than 1 MiB"),
                    (
                        has_body,
                        415,
                        "the body is not said to be `application/json`",
                    ),
                    (true, 503, "the desk cannot answer now; ask again"),
                ];
                for (_, status, description) in told.into_iter().filter(|(is, ..)| *is) {
                    let responses = &mut operation.responses.responses;
                    let response = problem(description).into();
                    responses.entry(status.to_string()).or_insert(response);
                }
            }
        }
    }
}

/// A response that is a [`problem::Problem`].
fn problem(description: &str) -> utoipa::openapi::Response {
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content)
        .build()
}

/// What this interface can do, for programs that make clients of it.
async fn description() -> Json<utoipa::openapi::OpenApi> {
    Json(Description::openapi())
}
