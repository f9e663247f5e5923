//! Whether a request may be served: what nginx (`auth_request`) and Envoy (`ext_authz`) ask with
//! each one. It reads headers that the gateway sets, never the query, which is the client's.

use super::{gateway::Known, problem::Problem};
use crate::server::Server;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use casework::{
    access::Subject,
    queries::{DataEnvironment, check_user},
};

/// Whether a user of an app may be served now: 200 or 403, with the reason in the header
/// `X-Access-Denied` too.
#[utoipa::path(
    get,
    path = "/api/v1/check",
    params(
        ("X-Client-Id" = String, Header, example = "3f2a9c0d4b5e6f708192a3b4c5d6e7f8"),
        ("X-Subject" = String, Header, example = "9f0c-41aa"),
        ("X-Environment" = Option<String>, Header,
            description = "`production`, which is meant where nothing is said, or `sandbox`"),
    ),
    responses(
        (status = 200, description = "The user may be served"),
        (status = 401, body = Problem, content_type = "application/problem+json",
            description = "without a token, or with one that has ended or was never given"),
        (status = 403, body = Problem, content_type = "application/problem+json",
            description = "`suspended`, `revoked`, `no_production_access`, `cap_reached`, `not_authorised` or `unknown_app`; `invalid` where a header does not say what it should; or the token may not ask this"),
    )
)]
pub async fn check(
    State(server): State<Server>,
    Known(gateway): Known,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let client_id = said(&headers, "x-client-id")?.unwrap_or_default();
    let subject = said(&headers, "x-subject")?.map(Subject::parse);
    let subject = subject.transpose().map_err(|_| unreadable("x-subject"))?;
    let environment = match said(&headers, "x-environment")? {
        None => DataEnvironment::Production,
        Some(word) => {
            DataEnvironment::from_word(word).ok_or_else(|| unreadable("x-environment"))?
        }
    };
    check_user(
        &server.desk,
        &gateway,
        client_id,
        subject.as_ref(),
        environment,
    )
    .await
    .map_err(Problem::of_check)?;
    Ok((StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response())
}

/// What a header says; nothing where it is not there or empty. One that stands there twice may have
/// been added by the client, and says nothing that can be relied on.
fn said<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.to_str().map_err(|_| unreadable(name))?;
    match values.next() {
        None => Ok(Some(text).filter(|text| !text.is_empty())),
        Some(_) => Err(unreadable(name)),
    }
}

/// Forbidden, for that is what proxies can hand on.
fn unreadable(name: &str) -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "invalid",
        format!("The header {name} does not say what it should, or stands there twice."),
    )
}
