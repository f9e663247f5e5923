//! Answers that are no page: every one that a person can meet becomes a page in the frame, whoever
//! gave it (a handler, a middleware, the router, an extractor); programs get a line of text or JSON.

use crate::{listen::Unreadable, request::VisitSlot, server::Server};
use app::{shell::problem_shell, web::Problem};
use axum::{
    Json,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, IntoResponseParts, Response, ResponseParts},
};
use casework::Error;
use futures_util::FutureExt;
use leptos::nonce::Nonce;
use serde::Serialize;
use std::{convert::Infallible, panic::AssertUnwindSafe, sync::Arc};

/// What a refusal says to its reader. Without it the sentence of the status is said: what
/// extractors and routers write is for programmers.
#[derive(Clone)]
pub struct Said(Arc<str>);

impl Said {
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }
}

impl IntoResponseParts for Said {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        parts.extensions_mut().insert(self);
        Ok(parts)
    }
}

impl IntoResponse for Said {
    fn into_response(self) -> Response {
        (self, ()).into_response()
    }
}

/// The refusal of a command or query.
pub fn refusal(error: &Error) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    (status, Said::new(&error.to_string())).into_response()
}

/// Whether a page is wanted, not data.
pub fn wants_page(headers: &HeaderMap) -> bool {
    accepts(headers, "text/html")
}

fn accepts(headers: &HeaderMap, kind: &str) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains(kind))
}

/// Frames what goes wrong further in, panics too.
pub async fn frame(State(server): State<Server>, mut request: Request, next: Next) -> Response {
    let slot = VisitSlot::default();
    request.extensions_mut().insert(slot.clone());
    let nonce = request.extensions().get::<Nonce>().cloned();
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    let method = request.method().clone();
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let response = answer.unwrap_or_else(|_| {
        tracing::error!(%method, path = uri.path(), "a handler panicked");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    });
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() || is_told(&response, &headers) {
        return response;
    }
    let said = response.extensions().get::<Said>().cloned();
    let problem = Problem {
        status: status.as_u16(),
        text: said.map_or_else(
            || sentence(status).to_owned(),
            |Said(text)| text.as_ref().to_owned(),
        ),
    };
    let mut framed = if wants_page(&headers) {
        page(&server, &uri, slot, nonce, problem).await
    } else if accepts(&headers, "application/json") {
        Json(Told {
            status: problem.status,
            message: problem.text,
            problems: [],
        })
        .into_response()
    } else {
        problem.text.into_response()
    };
    *framed.status_mut() = status;
    for (name, value) in response.headers() {
        let of_the_body = [
            header::CONTENT_TYPE,
            header::CONTENT_LENGTH,
            header::CONTENT_ENCODING,
            header::TRANSFER_ENCODING,
            header::ETAG,
            header::LOCATION,
        ];
        if !of_the_body.contains(name) {
            framed.headers_mut().append(name, value.clone());
        }
    }
    framed
}

/// As refused steps are told to programs (`app::refused::Refused`).
#[derive(Serialize)]
struct Told {
    status: u16,
    message: String,
    problems: [(String, String); 0],
}

/// Whether the response says already what its reader can read.
fn is_told(response: &Response, asked: &HeaderMap) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    match wants_page(asked) {
        true => kind.starts_with("text/html"),
        false => kind.starts_with("application/json"),
    }
}

/// The problem as a page, in the frame of whoever asked.
pub async fn page(
    server: &Server,
    uri: &Uri,
    visit: VisitSlot,
    nonce: Option<Nonce>,
    problem: Problem,
) -> Response {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = Method::GET;
    *request.uri_mut() = uri.clone();
    if request.uri().path_and_query().is_none() {
        *request.uri_mut() = Uri::from_static("/");
    }
    if let Some(visit) = visit.take() {
        request.extensions_mut().insert(visit);
    }
    if let Some(nonce) = nonce {
        request.extensions_mut().insert(nonce);
    }
    let options = server.leptos.clone();
    let render =
        leptos_axum::render_app_async_with_context(crate::security::page_context, move || {
            problem_shell(options.clone(), problem.clone())
        });
    let mut response = crate::document::tidied(render(request).await).await;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}

/// The pages of what cannot be read as a request at all, as they go over the line. They are made
/// once: nobody knows who asked.
pub async fn unreadable(server: &Server) -> Arc<Unreadable> {
    let whole = async |status: StatusCode| {
        let problem = Problem {
            status: status.as_u16(),
            text: sentence(status).to_owned(),
        };
        let uri = Uri::from_static("/");
        let page = page(server, &uri, VisitSlot::default(), None, problem).await;
        // A page that cannot be made leaves the status alone.
        let body = to_bytes(page.into_body(), 1 << 20)
            .await
            .unwrap_or_default();
        let mut answer = format!(
            "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
             content-security-policy: default-src 'none'; style-src 'self'; img-src 'self' data:; \
             font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'\r\n\
             x-content-type-options: nosniff\r\nx-frame-options: DENY\r\n\
             referrer-policy: same-origin\r\ncache-control: no-store\r\nconnection: close\r\n\r\n",
            body.len()
        )
        .into_bytes();
        answer.extend_from_slice(&body);
        answer
    };
    Arc::new(Unreadable {
        bad: whole(StatusCode::BAD_REQUEST).await,
        long_address: whole(StatusCode::URI_TOO_LONG).await,
        long_head: whole(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE).await,
    })
}

/// What a status says where nobody said more.
pub fn sentence(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => {
            "This request could not be read. Go back, reload the page and try again."
        }
        StatusCode::UNAUTHORIZED => "Sign in first.",
        StatusCode::FORBIDDEN => "You may not do this.",
        StatusCode::NOT_FOUND => "There is nothing here, or nothing that you have access to.",
        StatusCode::METHOD_NOT_ALLOWED => {
            "This address does not take this kind of request. Forms are sent from the pages of the desk; go back to the page and use its button."
        }
        StatusCode::REQUEST_TIMEOUT => {
            "What you sent did not arrive in time. Check your connection, go back and try again."
        }
        StatusCode::GONE => "This link has expired or was used before. Ask for a new one.",
        StatusCode::PAYLOAD_TOO_LARGE => {
            "This is too large. Go back, shorten your texts or choose a smaller file. Documents and images may have 20 MB, videos 100 MB."
        }
        StatusCode::URI_TOO_LONG => {
            "This address is too long. Shorten what you search for, or start from a page of the desk."
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            "This address does not take this kind of content. Use the form on the page."
        }
        StatusCode::UNPROCESSABLE_ENTITY => {
            "Something in this form needs correcting. Go back and check what you typed."
        }
        StatusCode::TOO_MANY_REQUESTS => {
            "This was tried or done too often. Try again in some minutes."
        }
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
            "Your browser sends more than the desk reads. Delete this site's cookies and try again."
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            "The desk cannot do this at the moment. Nothing was changed; try again shortly."
        }
        status if status.is_server_error() => {
            "Something went wrong on our side. Go back to the page, look whether your change is there, and try again."
        }
        _ => "This is not possible.",
    }
}
