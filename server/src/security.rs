//! What every response says to browsers, and which requests are refused before anything else.

use crate::{problem::Said, server::Server};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use leptos::{
    context::{provide_context, use_context},
    nonce::Nonce,
};

/// The nonce of the policy that is sent with a page replaces the one that Leptos makes.
pub fn page_context() {
    if let Some(parts) = use_context::<axum::http::request::Parts>()
        && let Some(nonce) = parts.extensions.get::<Nonce>()
    {
        provide_context(nonce.clone());
    }
}

/// Refuses requests that another site's page makes (ASVS 3.5). Browsers say where a request comes
/// from; programs that are no browsers carry no cookies that another site could abuse.
pub async fn same_site(State(server): State<Server>, request: Request, next: Next) -> Response {
    if is_safe(request.method()) || is_own(&server, request.headers()) {
        next.run(request).await
    } else {
        tracing::warn!(path = request.uri().path(), "refused: cross-site request");
        (
            StatusCode::FORBIDDEN,
            Said::new("This form was sent from another site. Open the page here and try again."),
        )
            .into_response()
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn is_own(server: &Server, headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin" || site == "none",
        (None, Some(origin)) => {
            let own = server.base_url.origin().ascii_serialization();
            let host = text("host").unwrap_or_default();
            origin == own || (!host.is_empty() && origin.split("://").nth(1) == Some(host))
        }
        (None, None) => true,
    }
}

/// Adds the security headers, with a nonce of its own for each page (ASVS 3.4).
pub async fn headers(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let nonce = Nonce::new();
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: header::HeaderName, value: &str| {
        if !headers.contains_key(&name)
            && let Ok(value) = HeaderValue::from_str(value)
        {
            headers.insert(name, value);
        }
    };
    set(
        header::CONTENT_SECURITY_POLICY,
        &format!(
            "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
             style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
             frame-src 'self'; object-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
    );
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(
        header::HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    set(
        header::HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    );
    // Pages hold what only their reader may see.
    set(header::CACHE_CONTROL, "no-store");
    if server.mode.secure {
        set(
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=31536000; includeSubDomains",
        );
    }
    response
}
