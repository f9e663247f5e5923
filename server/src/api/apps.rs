//! How an app stands, for a gateway's cache.

use super::{
    gateway::{Known, Named},
    problem::Problem,
};
use crate::server::Server;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use casework::{
    digest::sha256,
    queries::{KnownApp, known_app},
};
use serde::Serialize;
use utoipa::ToSchema;

/// An app as gateways know it.
#[derive(Debug, Serialize, ToSchema)]
pub struct App {
    #[schema(example = "3f2a9c0d4b5e6f708192a3b4c5d6e7f8")]
    client_id: String,
    /// `sandbox`, `limited` or `full`.
    #[schema(example = "limited")]
    level: &'static str,
    /// Where its requests may go now.
    #[schema(example = json!(["sandbox", "production"]))]
    environments: Vec<&'static str>,
    /// Every app has all four.
    #[schema(example = json!(["egv", "calibration", "event", "device"]))]
    scopes: [&'static str; 4],
    suspended: bool,
    /// Why it has no production access now: `no_production_access`, `revoked` or `suspended`.
    #[schema(example = json!(null))]
    denied: Option<&'static str>,
    /// At most so many users may authorise it.
    #[schema(example = 20)]
    cap: Option<u32>,
    /// Since when (RFC 3339, UTC).
    #[schema(example = "2026-10-12T09:30:00Z")]
    cap_since: Option<String>,
    /// How many have.
    #[schema(example = 14)]
    authorised: u32,
    /// Its developers have put it aside: it has access to nothing until they restore it.
    archived: bool,
    /// Where users may be sent back to. Of an address of the own machine (`127.0.0.1`, `[::1]`) any
    /// port is good, as RFC 8252 has it.
    redirect_uris: Redirects,
    /// The client secrets that work now.
    secrets: Vec<Secret>,
}

/// Where users may be sent back to, by environment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Redirects {
    #[schema(example = json!(["http://127.0.0.1/callback"]))]
    sandbox: Vec<String>,
    #[schema(example = json!(["https://app.example/callback"]))]
    production: Vec<String>,
}

/// A client secret that works now. After a replacement there are two for the time that was stated.
#[derive(Debug, Serialize, ToSchema)]
pub struct Secret {
    /// `sandbox` or `production`.
    #[schema(example = "production")]
    environment: &'static str,
    /// SHA-256 of the secret, in hexadecimal.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    sha256: String,
    /// Until when it works (RFC 3339, UTC); null for one that has not been replaced.
    #[schema(example = json!(null))]
    until: Option<String>,
}

/// The four scopes, as programs read them.
const SCOPES: [&str; 4] = ["egv", "calibration", "event", "device"];

impl From<KnownApp> for App {
    fn from(app: KnownApp) -> Self {
        let mut environments = Vec::new();
        if !app.archived {
            environments.push("sandbox");
        }
        if app.denial.is_none() {
            environments.push("production");
        }
        Self {
            client_id: app.client_id,
            level: app.level.word(),
            environments,
            scopes: SCOPES,
            suspended: app.suspended,
            denied: app.denial.map(|denial| denial.word()),
            cap: app.cap.map(|cap| cap.users),
            cap_since: app.cap.map(|cap| cap.since.to_string()),
            authorised: app.authorised,
            archived: app.archived,
            redirect_uris: Redirects {
                sandbox: app.redirects.sandbox,
                production: app.redirects.production,
            },
            secrets: app
                .secrets
                .into_iter()
                .map(|secret| Secret {
                    environment: secret.environment.word(),
                    sha256: secret.sha256,
                    until: secret.until.map(|until| until.to_string()),
                })
                .collect(),
        }
    }
}

/// How an app stands. The entity tag changes whenever anything of it does.
#[utoipa::path(
    get,
    path = "/api/v1/apps/{client_id}",
    params(("client_id" = String, Path)),
    responses(
        (status = 200, body = App, description = "How the app stands", headers(("etag" = String))),
        (status = 304, description = "As when it was asked for last"),
        (status = 401, body = Problem, content_type = "application/problem+json",
            description = "without a token, or with one that has ended or was never given"),
        (status = 403, body = Problem, content_type = "application/problem+json",
            description = "the token may not ask this"),
        (status = 404, body = Problem, content_type = "application/problem+json",
            description = "no app has this `client_id`"),
    )
)]
pub async fn app(
    State(server): State<Server>,
    Known(gateway): Known,
    Named(client_id): Named<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let app = App::from(known_app(&server.desk, &gateway, &client_id).await?);
    let told = serde_json::to_vec(&app).map_err(casework::Error::unavailable)?;
    let mut tag = sha256(&told);
    tag.truncate(32);
    let tag = format!("\"{tag}\"");
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|one| one.trim().trim_start_matches("W/"))
        .any(|one| one == tag || one == "*");
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Json(app).into_response()
    };
    let kept = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        kept.insert(header::ETAG, tag);
    }
    // A gateway may keep it, and asks each time whether it still holds.
    kept.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    Ok(response)
}
