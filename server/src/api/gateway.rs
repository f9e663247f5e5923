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
        let shown = parts.headers.get(header::AUTHORIZATION);
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
        match Path::from_request_parts(parts, server).await {
            Ok(Path(named)) => Ok(Self(named)),
            Err(error) => Err(Problem::new(error.status(), "invalid", error.body_text())),
        }
    }
}
