//! All routes of the server, in one list.

use crate::{
    address, answers, api,
    body::{self, Patience},
    demo_mail, document, exports, files, gallery, health, live, problem, request, security,
    server::Server,
    signed_copy,
    site::{self, Site},
    sitemap, trace, verify,
};
use app::{
    shell::{in_room, rooms, shell},
    web::{Visit, carry_out},
};
use axum::{
    Extension, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use leptos_axum::{LeptosRoutes, generate_route_list};
use tower_http::{CompressionLevel, compression::CompressionLayer};

/// Every route, with everything that stands around them; the layer named last is the outermost.
pub fn router(server: Server, site: Site, patience: Patience) -> Router {
    let leptos = server.leptos.clone();
    let with = |server: &Server| server.clone();
    Router::new()
        .leptos_routes_with_context(
            &server,
            rooms()
                .flat_map(|room| generate_route_list(move || in_room(room)))
                .collect(),
            security::page_context,
            move || shell(leptos.clone()),
        )
        .route("/do/{step}", any(step))
        // `request::visit` has read the body up to the limit of its sender.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn(document::tidy))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .merge(answers::routes())
        .merge(demo_mail::routes())
        .merge(exports::routes())
        .merge(files::routes())
        .merge(gallery::routes())
        .merge(live::routes())
        .merge(signed_copy::routes())
        .merge(sitemap::routes())
        .merge(verify::routes())
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
        .merge(api::routes())
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

/// The steps. They change something, so they are called by POST alone.
async fn step(
    Path(name): Path<String>,
    Extension(visit): Extension<Visit>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if app::steps::find(&name).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    if method != Method::POST {
        let allow = HeaderValue::from_static("POST");
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, allow)]).into_response();
    }
    carry_out(visit, &name, &headers, &body).await
}
