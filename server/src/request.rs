//! From an HTTP request to a [`Visit`].

use crate::router::Server;
use app::web::{Visit, is_local_path};
use axum::{
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use casework::{
    accounts::{self, Origin},
    text::clean,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::Arc,
};
use url::form_urlencoded;

/// The longest form that is read, in bytes; files take another way.
const LONGEST_FORM: usize = 1 << 20;

/// Puts the [`Visit`] into the request, for pages, steps and downloads alike.
pub async fn visit(State(server): State<Server>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let jar = CookieJar::from_headers(&parts.headers);
    let secret = jar
        .get(server.mode.session_cookie_name())
        .map(|cookie| cookie.value().to_owned());
    let session = match &secret {
        Some(secret) => match accounts::find_session(&server.desk, secret).await {
            Ok(session) => session,
            Err(error) => return unavailable(&error),
        },
        None => None,
    };
    let known_browser = jar
        .get(server.mode.browser_cookie_name())
        .map(|cookie| cookie.value().to_owned())
        .filter(|value| value.parse::<uuid::Uuid>().is_ok());
    let is_new = known_browser.is_none() && session.is_none() && parts.method == Method::POST;
    let browser = known_browser.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
    let (entries, body) = if is_form(&parts.headers) {
        match to_bytes(body, LONGEST_FORM).await {
            Ok(bytes) => {
                let entries: Vec<(String, String)> = form_urlencoded::parse(&bytes)
                    .map(|(name, value)| typed(&name, &value))
                    .collect();
                let body = Body::from(each_name_once(&entries));
                (entries, body)
            }
            Err(_) => {
                return (
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "This form is too long; shorten your texts or attach a file instead.",
                )
                    .into_response();
            }
        }
    } else {
        (Vec::new(), body)
    };
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0);
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let visit = Visit {
        desk: server.desk.clone(),
        mode: server.mode,
        session,
        session_secret: secret.clone(),
        browser: browser.clone(),
        origin: Origin {
            address: server.client_address(peer, &parts.headers),
            user_agent: text(&parts.headers, header::USER_AGENT),
            session: secret,
        },
        path: parts.uri.path().to_owned(),
        query_text: query.to_owned(),
        query: Arc::new(
            form_urlencoded::parse(query.as_bytes())
                .map(|(name, value)| typed(&name, &value))
                .collect::<BTreeMap<_, _>>(),
        ),
        entries: Arc::new(entries),
        wants_page: text(&parts.headers, header::ACCEPT).contains("text/html"),
        referer: own_path(&server, &text(&parts.headers, header::REFERER)),
        kept: None,
    };
    parts.extensions.insert(visit);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if is_new && let Ok(cookie) = HeaderValue::from_str(&server.mode.browser_cookie(&browser)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// A field as it was typed, without what cannot be seen; passwords are no text and stay as they
/// are.
pub(crate) fn typed(name: &str, value: &str) -> (String, String) {
    let name = clean(name);
    let value = if name.contains("password") {
        value.to_owned()
    } else {
        clean(value)
    };
    (name, value)
}

/// The form with the first value of each name: server functions refuse a name that comes twice, as
/// ticked boxes do. Steps read all values from [`Visit::entries`].
fn each_name_once(entries: &[(String, String)]) -> String {
    let mut seen = BTreeSet::new();
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in entries {
        if seen.insert(name.as_str()) {
            form.append_pair(name, value);
        }
    }
    form.finish()
}

fn unavailable(error: &casework::Error) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response()
}

fn is_form(headers: &HeaderMap) -> bool {
    text(headers, header::CONTENT_TYPE).starts_with("application/x-www-form-urlencoded")
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> String {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// Path and query of an address that is one of ours.
fn own_path(server: &Server, referer: &str) -> Option<String> {
    let url = url::Url::parse(referer).ok()?;
    let own = url.origin() == server.base_url.origin()
        || url
            .host_str()
            .is_some_and(|host| host == "127.0.0.1" || host == "localhost");
    let mut path = url.path().to_owned();
    if let Some(query) = url.query() {
        path.push('?');
        path.push_str(query);
    }
    (own && is_local_path(&path)).then_some(path)
}
