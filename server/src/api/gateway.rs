//! Who asks: a gateway shows its token.

use super::problem::Problem;
use crate::server::Server;
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};
use casework::access::{Gateway, gateway_of};

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
