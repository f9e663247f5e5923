//! Whether a request may be served: what nginx (`auth_request`) and Envoy (`ext_authz`) ask with
//! each one.

use super::{gateway::Known, problem::Problem};
use crate::server::Server;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use casework::{
    access::Subject,
    queries::{DataEnvironment, check_user},
};
use serde::Deserialize;

/// Who is asked about, where it does not stand in headers.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Or the header `X-Client-Id`, which counts first.
    client_id: Option<String>,
    /// Or the header `X-Subject`.
    subject: Option<String>,
    /// `production`, which is also what is meant where nothing is said, or `sandbox`; or the header
    /// `X-Environment`.
    environment: Option<String>,
}

/// Whether a user of an app may be served now: 200 or 403, with the reason in the header
/// `X-Access-Denied` too.
#[utoipa::path(
    get,
    path = "/api/v1/check",
    params(
        ("X-Client-Id" = Option<String>, Header, description = "Or `client_id` in the query"),
        ("X-Subject" = Option<String>, Header, description = "Or `subject` in the query"),
        ("X-Environment" = Option<String>, Header,
            description = "`production`, which is meant where nothing is said, or `sandbox`; or `environment` in the query"),
    ),
    responses(
        (status = 200, description = "The user may be served"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json",
            description = "`suspended`, `revoked`, `no_production_access`, `cap_reached`, `not_authorised` or `unknown_app`"),
    )
)]
pub async fn check(
    State(server): State<Server>,
    Known(gateway): Known,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let said = |name: &str, asked: Option<String>| {
        let header = headers.get(name).and_then(|value| value.to_str().ok());
        let said = header.map(str::to_owned).or(asked);
        said.filter(|text| !text.is_empty())
    };
    let client_id = said("x-client-id", asked.client_id).unwrap_or_default();
    let subject = said("x-subject", asked.subject);
    let subject = subject.map(|text| Subject::parse(&text)).transpose()?;
    let environment = match said("x-environment", asked.environment) {
        None => DataEnvironment::Production,
        Some(word) => DataEnvironment::from_word(&word).ok_or_else(|| {
            Problem::new(
                StatusCode::FORBIDDEN,
                "unknown_environment",
                "An environment is `production` or `sandbox`.",
            )
        })?,
    };
    check_user(
        &server.desk,
        &gateway,
        &client_id,
        subject.as_ref(),
        environment,
    )
    .await
    .map_err(Problem::of_check)?;
    Ok((StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response())
}
