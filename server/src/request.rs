//! From an HTTP request to a [`Visit`].

use crate::{
    live::LIVE,
    problem::{Said, refusal, wants_page},
    server::Server,
};
use app::{
    steps::own::PASSKEYS_PAGE,
    web::{Visit, is_local_path},
};
use axum::{
    body::{Body, HttpBody, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use casework::{
    Error, SET_UP_FIRST,
    accounts::{self, Origin, UsedBy},
    commands::LookAtInput,
    input::Input,
    text::clean,
};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};
use url::form_urlencoded;
use workflow::limits;

/// Where the visit is left for what stands further out: a problem is shown in the frame of whoever
/// asked.
#[derive(Clone, Default)]
pub struct VisitSlot(Arc<OnceLock<Visit>>);

impl VisitSlot {
    /// The visit, if the request came so far.
    pub fn take(&self) -> Option<Visit> {
        self.0.get().cloned()
    }
}

/// For how long what was looked up about a session holds.
const FRESH: Duration = Duration::from_secs(1);

/// Where a second factor is set up.
const SET_UP: &str = "/account/second-factor";

/// What is open to those who have to set up a second factor first: that, and the way out.
fn leads_to_set_up(path: &str) -> bool {
    path.starts_with(SET_UP) || path.starts_with(PASSKEYS_PAGE) || refuses_by_itself(path)
}

/// Steps are refused where their form is read, so that what was typed is kept (`app::web::BEFORE_SET_UP`).
fn refuses_by_itself(path: &str) -> bool {
    path.starts_with("/do/") || path.starts_with("/files/with/")
}

/// Who asks for this path: a page that was left open says by itself that it is.
fn used_by(path: &str) -> UsedBy {
    if path == LIVE || path.strip_prefix("/do/") == Some(LookAtInput::STEP) {
        UsedBy::Page
    } else {
        UsedBy::Person
    }
}

/// Puts the [`Visit`] into the request, for pages, steps and downloads alike.
pub async fn visit(State(server): State<Server>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let jar = CookieJar::from_headers(&parts.headers);
    let secret = jar
        .get(server.mode.session_cookie_name())
        .map(|cookie| cookie.value().to_owned());
    let by = used_by(parts.uri.path());
    let find = async || match &secret {
        Some(secret) => accounts::find_session(&server.desk, secret, by).await,
        None => Ok(None),
    };
    let session = match find().await {
        Ok(session) => session,
        Err(error) => return refusal(&error),
    };
    let most = match session {
        Some(_) => limits::FORM_BYTES,
        None => limits::FORM_BYTES_SIGNED_OUT,
    };
    let known_browser = jar
        .get(server.mode.browser_cookie_name())
        .map(|cookie| cookie.value().to_owned())
        .filter(|value| value.parse::<uuid::Uuid>().is_ok());
    let is_new = known_browser.is_none() && parts.method == Method::POST;
    let browser = known_browser.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0);
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let mut visit = Visit {
        desk: server.desk.clone(),
        mode: server.mode,
        session,
        session_secret: secret.clone(),
        browser: browser.clone(),
        origin: Origin {
            address: server.client_address(peer, &parts.headers),
            user_agent: text(&parts.headers, header::USER_AGENT),
            session: secret.clone(),
        },
        path: parts.uri.path().to_owned(),
        query_text: query.to_owned(),
        query: Arc::new(
            form_urlencoded::parse(query.as_bytes())
                .map(|(name, value)| (clean(&name), clean(&value)))
                .collect::<BTreeMap<_, _>>(),
        ),
        params: Default::default(),
        wants_page: wants_page(&parts.headers),
        referer: own_path(&server, &text(&parts.headers, header::REFERER)),
        files: Arc::default(),
        kept: None,
        unread: Default::default(),
        waiting: None,
        receipt: None,
    };
    if let Some(slot) = parts.extensions.get::<VisitSlot>() {
        // The slot is new with each request.
        let _ = slot.0.set(visit.clone());
    }
    let began = Instant::now();
    let body = match read(&parts, body, most).await {
        Ok(body) => body,
        Err(response) => return response,
    };
    // While the form arrived, the account may have been disabled or got other roles.
    if began.elapsed() > FRESH {
        visit.session = match find().await {
            Ok(session) => session,
            Err(error) => return refusal(&error),
        };
    }
    if visit
        .session
        .as_ref()
        .is_some_and(|session| session.must_set_up)
        && !leads_to_set_up(&visit.path)
    {
        return if parts.method == Method::GET && visit.wants_page {
            Redirect::to(SET_UP).into_response()
        } else {
            refusal(&Error::forbidden(SET_UP_FIRST))
        };
    }
    parts.extensions.insert(visit);
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if is_new && let Ok(cookie) = HeaderValue::from_str(&server.mode.browser_cookie(&browser)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Reads a form of at most `most` bytes. Nothing else is read into memory, whatever it says it is.
async fn read(parts: &Parts, body: Body, most: usize) -> Result<Body, Response> {
    if body.is_end_stream() {
        return Ok(Body::empty());
    }
    let kind = text(&parts.headers, header::CONTENT_TYPE).to_ascii_lowercase();
    let path = parts.uri.path();
    let takes_files = path.starts_with("/files/") || path == "/verify";
    if kind.starts_with("multipart/form-data") && takes_files {
        return Ok(body);
    }
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
    }
    let declared = text(&parts.headers, header::CONTENT_LENGTH).parse::<usize>();
    if declared.is_ok_and(|length| length > most) {
        return Err(too_long(most));
    }
    match to_bytes(body, most).await {
        Ok(bytes) => Ok(Body::from(bytes)),
        Err(_) => Err(too_long(most)),
    }
}

fn too_long(most: usize) -> Response {
    let most = limits::megabytes(u64::try_from(most).unwrap_or(u64::MAX));
    let text = format!(
        "This form is longer than the {most} that a form may have. Go back, shorten your texts or attach a file instead."
    );
    (StatusCode::PAYLOAD_TOO_LARGE, Said::new(&text)).into_response()
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
