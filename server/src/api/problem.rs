//! What programs are told when something is refused (RFC 9457).

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use casework::{
    Error,
    access::{Cap, Refused},
};
use serde::Serialize;
use utoipa::ToSchema;
use workflow::users::Denial;

/// Why, in one word: what a proxy in front can hand on without reading a body.
pub const REASON: HeaderName = HeaderName::from_static("x-access-denied");

/// A problem, as RFC 9457 describes it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A word that programs can rely on.
    #[serde(rename = "type")]
    #[schema(example = "cap_reached")]
    kind: &'static str,
    #[schema(example = "The app has as many authorised users as it may have.")]
    title: String,
    #[schema(example = 409)]
    status: u16,
    /// How many users may authorise the app, where that is the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 20)]
    cap: Option<u32>,
    /// Since when that holds (RFC 3339, UTC).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-10-12T09:30:00Z")]
    since: Option<String>,
}

impl Problem {
    /// A problem without more than its word.
    pub fn new(status: StatusCode, kind: &'static str, title: impl Into<String>) -> Self {
        Self {
            kind,
            title: title.into(),
            status: status.as_u16(),
            cap: None,
            since: None,
        }
    }

    /// Of a denial, under the status that its route gives it.
    fn denied(denial: Denial, cap: Option<Cap>, status: StatusCode) -> Self {
        let cap = cap.filter(|_| denial == Denial::CapReached);
        Self {
            cap: cap.map(|cap| cap.users),
            since: cap.map(|cap| cap.since.to_string()),
            ..Self::new(status, denial.word(), denial.to_string())
        }
    }

    /// As a gateway's check is told: everything that is not served is forbidden, for that is what
    /// proxies can hand on.
    pub fn of_check(refused: Refused) -> Self {
        match refused {
            Refused::Denied { denial, cap } => Self::denied(denial, cap, StatusCode::FORBIDDEN),
            Refused::Failed(Error::NotFound) => unknown_app(StatusCode::FORBIDDEN),
            Refused::Failed(error) => error.into(),
        }
    }
}

fn unknown_app(status: StatusCode) -> Problem {
    Problem::new(
        status,
        "unknown_app",
        "There is no app with this client id.",
    )
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Denied { denial, cap } => {
                let status = match denial {
                    Denial::CapReached => StatusCode::CONFLICT,
                    Denial::NoProductionAccess
                    | Denial::Revoked
                    | Denial::Suspended
                    | Denial::NotAuthorised => StatusCode::FORBIDDEN,
                };
                Self::denied(denial, cap, status)
            }
            Refused::Failed(error) => error.into(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let told = |kind| {
            let status =
                StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let first = error.problems().first();
            let title = first.map_or_else(|| error.to_string(), |problem| problem.text.clone());
            Self::new(status, kind, title)
        };
        match &error {
            Error::NotFound => unknown_app(StatusCode::NOT_FOUND),
            Error::Forbidden { .. } => Self::new(
                StatusCode::FORBIDDEN,
                "scope",
                "This token is not for that: an admin of the desk can make one that is.",
            ),
            Error::Input { .. } | Error::Malformed => told("invalid"),
            Error::Unavailable(_) | Error::Busy(_) => {
                tracing::warn!(%error, "a gateway was not answered");
                told("unavailable")
            }
            _ => {
                tracing::error!(%error, "a gateway was not answered");
                told("failed")
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = HeaderValue::from_static(self.kind);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(REASON, kind);
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// An address that leads nowhere.
pub async fn nothing() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "unknown_path",
        "There is nothing at this address; /api/v1/openapi.json describes what there is.",
    )
}

/// A method that an address does not have.
pub async fn wrong_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "wrong_method",
        "This address does not answer that method; /api/v1/openapi.json describes what it does.",
    )
}
