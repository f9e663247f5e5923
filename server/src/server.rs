//! What handlers and middleware share.

use app::web::Mode;
use axum::{extract::FromRef, http::HeaderMap};
use casework::Desk;
use leptos::config::LeptosOptions;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};
use tokio::sync::watch;
use url::Url;

/// What handlers need.
#[derive(Clone)]
pub struct Server {
    pub desk: Desk,
    pub mode: Mode,
    pub base_url: Url,
    pub trusted_proxies: Arc<[IpAddr]>,
    pub leptos: LeptosOptions,
    /// How many pages are told at once what happens.
    pub most_streams: usize,
    /// True once the server was told to stop.
    pub stopping: watch::Receiver<bool>,
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
        let Some(peer) = peer.map(|peer| peer.ip().to_canonical()) else {
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
            .map(|address| address.to_canonical())
            .rfind(|address| !self.trusted_proxies.contains(address))
            .unwrap_or(peer)
            .to_string()
    }
}
