//! What a request leaves in the log: method, path, status and time. Never a query string (links
//! carry their secrets there), a header or a body; of programs' requests not even the path, which
//! names users.

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use tokio::time::Instant;

/// Tells of each request, at level debug.
pub async fn requests(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = match request.extensions().get::<MatchedPath>() {
        Some(route) if route.as_str().starts_with("/api/") => route.as_str().to_owned(),
        _ => request.uri().path().to_owned(),
    };
    let begun = Instant::now();
    let response = next.run(request).await;
    tracing::debug!(
        %method,
        path,
        status = response.status().as_u16(),
        milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}
