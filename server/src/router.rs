//! All routes of the server, in one list.

use crate::{
    demo_mail, exports, files, health, request, security, signed_copy,
    site::{self, Site},
};
use app::{
    shell::{App, shell},
    web::Mode,
};
use axum::{
    Router,
    extract::{FromRef, Request},
    http::{HeaderMap, Response, StatusCode},
    middleware,
    routing::{any, get},
};
use casework::Desk;
use leptos::{
    config::LeptosOptions,
    context::{provide_context, use_context},
    nonce::Nonce,
};
use leptos_axum::{LeptosRoutes, generate_route_list, handle_server_fns_with_context};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tower_http::{
    CompressionLevel, compression::CompressionLayer, timeout::TimeoutLayer, trace::TraceLayer,
};
use url::Url;

/// What handlers need.
#[derive(Clone)]
pub struct Server {
    pub desk: Desk,
    pub mode: Mode,
    pub base_url: Url,
    pub trusted_proxies: Arc<[IpAddr]>,
    pub leptos: LeptosOptions,
}

impl FromRef<Server> for LeptosOptions {
    fn from_ref(server: &Server) -> Self {
        server.leptos.clone()
    }
}

impl Server {
    /// The address of the client: the peer, unless the peer is a proxy of ours that says whom it
    /// speaks for (21 CFR 11.10(h): a forged header is not recorded).
    pub fn client_address(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> String {
        let Some(peer) = peer.map(|peer| peer.ip()) else {
            return "unknown".to_owned();
        };
        if !self.trusted_proxies.contains(&peer) {
            return peer.to_string();
        }
        headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|part| part.trim().parse::<IpAddr>().ok())
            .rfind(|address| !self.trusted_proxies.contains(address))
            .unwrap_or(peer)
            .to_string()
    }
}

/// Every route, with everything that stands around them.
pub fn router(server: Server, site: Site) -> Router {
    let leptos = server.leptos.clone();
    let pages = Router::new()
        .leptos_routes_with_context(&server, generate_route_list(App), page_context, move || {
            shell(leptos.clone())
        })
        .route("/do/{*step}", any(step))
        .fallback(
            leptos_axum::file_and_error_handler_with_context::<Server, _>(page_context, shell),
        )
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(60),
        ))
        .merge(demo_mail::routes())
        .merge(exports::routes())
        .merge(files::routes())
        .merge(signed_copy::routes())
        .layer(middleware::from_fn_with_state(
            server.clone(),
            request::visit,
        ));
    Router::new()
        .merge(pages)
        .merge(site::routes(site).with_state(()))
        .layer(middleware::from_fn_with_state(
            server.clone(),
            security::same_site,
        ))
        .layer(middleware::from_fn_with_state(
            server.clone(),
            security::headers,
        ))
        .layer(TraceLayer::new_for_http())
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .with_state(server)
}

/// Server functions: the steps. They change something, so they are called by POST alone.
async fn step(request: Request) -> Response<axum::body::Body> {
    use axum::response::IntoResponse;
    if request.method() != axum::http::Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    handle_server_fns_with_context(page_context, request)
        .await
        .into_response()
}

/// The nonce of the policy that was sent with the page replaces the one that Leptos makes.
fn page_context() {
    if let Some(parts) = use_context::<axum::http::request::Parts>()
        && let Some(nonce) = parts.extensions.get::<Nonce>()
    {
        provide_context(nonce.clone());
    }
}
