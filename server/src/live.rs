//! What happens, sent to open pages by server-sent events: one stream for each browser.

use crate::{problem::refusal, server::Server, workers::told};
use app::web::Visit;
use axum::{
    Extension, Router,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
    routing::get,
};
use casework::{
    Result,
    live::{Listener, Stream, Told, listen},
};
use futures_util::{Stream as Events, StreamExt, stream};
use std::{convert::Infallible, future::ready, time::Duration};

/// How often a stream says that it lives where nothing happens: sooner than proxies end what is
/// silent.
const LIVES: Duration = Duration::from_secs(15);

/// How long a browser waits before it begins a stream again that ended.
const AGAIN: Duration = Duration::from_secs(2);

/// Where a stream begins.
pub const LIVE: &str = "/live";

/// The route.
pub fn routes() -> Router<Server> {
    Router::new().route(LIVE, get(live))
}

/// `/live?for=…&from=…`: the person for whom the page was drawn, and the newest event of the trail
/// that it knows of.
async fn live(
    State(server): State<Server>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
) -> Response {
    match begin(&server, &visit, &headers) {
        Ok(stream) => answer(&server, stream),
        Err(error) => refusal(&error),
    }
}

fn begin(server: &Server, visit: &Visit, headers: &HeaderMap) -> Result<Stream> {
    // A browser that goes on after a break says what it was told last.
    let last = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok());
    let after = last.or_else(|| visit.query("from"));
    let listener = Listener {
        caller: visit.caller()?,
        drawn_for: visit.query("for").and_then(|person| person.parse().ok()),
        session: visit.session_secret.as_deref().unwrap_or_default(),
        after: after.and_then(|seq| seq.parse().ok()),
    };
    listen(&visit.desk, listener, server.most_streams)
}

fn answer(server: &Server, stream: Stream) -> Response {
    let mut stopping = server.stopping.clone();
    let events = events(stream).take_until(async move { told(&mut stopping).await });
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // Proxies that gather answers before they hand them on (nginx) do not gather this one.
        (
            HeaderName::from_static("x-accel-buffering"),
            HeaderValue::from_static("no"),
        ),
    ];
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(LIVES));
    (headers, sse).into_response()
}

fn events(stream: Stream) -> impl Events<Item = std::result::Result<Event, Infallible>> {
    let first = Event::default().retry(AGAIN).comment("");
    let told = stream::unfold(stream, async |mut stream| {
        let told = stream.next().await?;
        Some((event(&told), stream))
    });
    stream::once(ready(first)).chain(told).map(Ok)
}

fn event(told: &Told) -> Event {
    let event = Event::default();
    let event = match told.seq() {
        Some(seq) => event.id(seq.to_string()),
        None => event,
    };
    // What is told is made of texts and numbers, which JSON has.
    event.json_data(told).unwrap_or_default()
}
