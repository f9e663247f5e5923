//! All routes of the server, in one list.

use crate::{
    address,
    body::{self, Patience},
    demo_mail, exports, files, health, problem, request, security,
    server::Server,
    signed_copy,
    site::{self, Site},
    trace,
};
use app::shell::{App, shell};
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, Method, Response, StatusCode, header},
    middleware::{self, Next},
    response::IntoResponse,
    routing::{any, get},
};
use leptos::{
    context::{provide_context, use_context},
    nonce::Nonce,
    server_fn::axum::server_fn_paths,
};
use leptos_axum::{LeptosRoutes, generate_route_list, handle_server_fns_with_context};
use tower_http::{CompressionLevel, compression::CompressionLayer};

/// Every route, with everything that stands around them; the layer named last is the outermost.
pub fn router(server: Server, site: Site, patience: Patience) -> Router {
    let leptos = server.leptos.clone();
    let with = |server: &Server| server.clone();
    Router::new()
        .leptos_routes_with_context(&server, generate_route_list(App), page_context, move || {
            shell(leptos.clone())
        })
        .route("/do/{*step}", any(step))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .merge(demo_mail::routes())
        .merge(exports::routes())
        .merge(files::routes())
        .merge(signed_copy::routes())
        .fallback(nothing)
        .layer(middleware::from_fn_with_state(
            with(&server),
            request::visit,
        ))
        .merge(site::routes(site).with_state(()))
        .layer(middleware::from_fn_with_state(
            with(&server),
            security::same_site,
        ))
        .layer(middleware::from_fn(address::one))
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            body::watch(patience, request, next)
        }))
        .layer(middleware::from_fn_with_state(
            with(&server),
            problem::frame,
        ))
        .layer(middleware::from_fn_with_state(
            with(&server),
            security::headers,
        ))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .layer(middleware::from_fn(trace::requests))
        .with_state(server)
}

/// An address that leads nowhere.
async fn nothing() -> StatusCode {
    StatusCode::NOT_FOUND
}

/// Server functions: the steps. They change something, so they are called by POST alone.
async fn step(mut request: Request) -> Response<axum::body::Body> {
    let path = request.uri().path();
    if !server_fn_paths().any(|(known, _)| known == path) {
        return StatusCode::NOT_FOUND.into_response();
    }
    if request.method() != Method::POST {
        let allow = HeaderValue::from_static("POST");
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, allow)]).into_response();
    }
    // Leptos would send browsers back to wherever they say they came from; where a form leads to is
    // said by its step (`carry_out`).
    request.headers_mut().remove(header::REFERER);
    handle_server_fns_with_context(page_context, request)
        .await
        .into_response()
}

/// The nonce of the policy that was sent with the page replaces the one that Leptos makes.
pub fn page_context() {
    if let Some(parts) = use_context::<axum::http::request::Parts>()
        && let Some(nonce) = parts.extensions.get::<Nonce>()
    {
        provide_context(nonce.clone());
    }
}
