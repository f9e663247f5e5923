//! Who asks: a gateway shows its token.

use super::problem::Problem;
use crate::server::Server;
use axum::{
    extract::{FromRequestParts, Path},
    http::{StatusCode, header, request::Parts},
};
use casework::access::{Gateway, gateway_of};
use serde::de::DeserializeOwned;

/// A gateway whose token was good.
pub struct Known(pub Gateway);

impl FromRequestParts<Server> for Known {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let stranger = || {
            Problem::new(
                StatusCode::UNAUTHORIZED,
                "unknown_token",
                "Show a token that works: Authorization: Bearer …",
            )
        };
        let mut all = parts.headers.get_all(header::AUTHORIZATION).iter();
        let (shown, other) = (all.next(), all.next());
        // Of two nobody knows which one counts.
        let shown = shown.filter(|_| other.is_none());
        let shown = shown
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let (scheme, token) = shown.split_once(' ').ok_or_else(stranger)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(stranger());
        }
        let gateway = gateway_of(&server.desk, token.trim()).await?;
        gateway.map(Self).ok_or_else(stranger)
    }
}

/// What the path names; what cannot be read is a problem like any other.
pub struct Named<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Server> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        if !is_escaped(parts.uri.path()) {
            return Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "invalid",
                "The address has a % that begins no escape: write it as %25.",
            ));
        }
        match Path::from_request_parts(parts, server).await {
            Ok(Path(named)) => Ok(Self(named)),
            Err(error) => Err(Problem::new(error.status(), "invalid", error.body_text())),
        }
    }
}

/// Whether each `%` of a path begins an escape.
fn is_escaped(path: &str) -> bool {
    path.split('%').skip(1).all(|rest| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}
