//! A user authorises an app, or takes that back.

use super::{
    gateway::{Known, Named},
    problem::Problem,
};
use crate::server::Server;
use axum::{Json, extract::State, http::StatusCode};
use casework::{
    access::Subject,
    commands::{self, Authorised},
};
use serde::Serialize;
use utoipa::ToSchema;

/// How many have authorised the app now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Places {
    #[schema(example = 14)]
    authorised: u32,
    /// At most so many may; null for no such limit.
    #[schema(example = 20)]
    cap: Option<u32>,
}

impl From<Authorised> for Places {
    fn from(now: Authorised) -> Self {
        Self {
            authorised: now.authorised,
            cap: now.cap.map(|cap| cap.users),
        }
    }
}

/// A user has authorised the app. `subject` is whatever the authorisation server calls the user: 1 to
/// 255 characters of printable ASCII; the desk keeps a keyed hash of it.
#[utoipa::path(
    put,
    path = "/api/v1/apps/{client_id}/authorisations/{subject}",
    params(("client_id" = String, Path), ("subject" = String, Path, example = "9f0c-41aa")),
    responses(
        (status = 201, body = Places, description = "The user has a place since now"),
        (status = 200, body = Places, description = "The user had one before"),
        (status = 401, body = Problem, content_type = "application/problem+json",
            description = "without a token, or with one that has ended or was never given"),
        (status = 403, body = Problem, content_type = "application/problem+json",
            description = "`suspended`, `revoked` or `no_production_access`; or the token may not ask this"),
        (status = 404, body = Problem, content_type = "application/problem+json",
            description = "no app has this `client_id`"),
        (status = 409, body = Problem, content_type = "application/problem+json",
            description = "`cap_reached`"),
        (status = 422, body = Problem, content_type = "application/problem+json",
            description = "the subject has not 1 to 255 characters of printable ASCII"),
    )
)]
pub async fn authorise(
    State(server): State<Server>,
    Known(gateway): Known,
    Named((client_id, subject)): Named<(String, String)>,
) -> Result<(StatusCode, Json<Places>), Problem> {
    let subject = Subject::parse(&subject)?;
    let now = commands::authorise(&server.desk, &gateway, &client_id, &subject).await?;
    let status = if now.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(now.into())))
}

/// A user has taken the authorisation back. Whatever the app's access is, and also where there was
/// none.
#[utoipa::path(
    delete,
    path = "/api/v1/apps/{client_id}/authorisations/{subject}",
    params(("client_id" = String, Path), ("subject" = String, Path, example = "9f0c-41aa")),
    responses(
        (status = 204, description = "The user has no place, since now or since before"),
        (status = 401, body = Problem, content_type = "application/problem+json",
            description = "without a token, or with one that has ended or was never given"),
        (status = 403, body = Problem, content_type = "application/problem+json",
            description = "the token may not ask this"),
        (status = 404, body = Problem, content_type = "application/problem+json",
            description = "no app has this `client_id`"),
        (status = 422, body = Problem, content_type = "application/problem+json",
            description = "the subject has not 1 to 255 characters of printable ASCII"),
    )
)]
pub async fn revoke(
    State(server): State<Server>,
    Known(gateway): Known,
    Named((client_id, subject)): Named<(String, String)>,
) -> Result<StatusCode, Problem> {
    let subject = Subject::parse(&subject)?;
    commands::revoke_authorisation(&server.desk, &gateway, &client_id, &subject).await?;
    Ok(StatusCode::NO_CONTENT)
}
