//! The bodies of requests: how long they may take, and what becomes of one that nobody read.
//!
//! A browser shows no answer before it has sent its whole form. Whoever answers early (a file that
//! is too large, a page that takes no form, somebody who is signed out) and closes the connection
//! makes it show "connection reset" in place of the answer. So what is left of a body is read to
//! its end before the answer goes out.

use crate::problem::Said;
use axum::{
    body::{Body, BodyDataStream, Bytes, HttpBody},
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::{Stream, StreamExt};
use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep_until};
use workflow::limits;

/// How patient the server is with one request.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// The longest pause within a body.
    pub pause: Duration,
    /// The longest that a body without files may take.
    pub form: Duration,
    /// The longest that a body with files, and the answer to it, may take: for slow lines.
    pub files: Duration,
    /// The longest that an answer may be worked on.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            pause: Duration::from_secs(20),
            form: Duration::from_secs(60),
            files: Duration::from_secs(15 * 60),
            answer: Duration::from_secs(60),
        }
    }
}

/// Why a body ended before its end.
#[derive(Debug, thiserror::Error)]
#[error("the body did not arrive in time")]
struct Late;

/// A body that is read by the handler, and afterwards by us.
#[derive(Clone)]
struct Lent(Arc<Mutex<Reading>>);

struct Reading {
    body: BodyDataStream,
    timer: Pin<Box<Sleep>>,
    pause: Duration,
    /// When all of it must be here.
    end: Instant,
    begun: bool,
    late: bool,
    ended: bool,
}

impl Lent {
    fn new(body: Body, pause: Duration, whole: Duration) -> Self {
        let now = Instant::now();
        let end = now + whole;
        Self(Arc::new(Mutex::new(Reading {
            body: body.into_data_stream(),
            timer: Box::pin(sleep_until(end.min(now + pause))),
            pause,
            end,
            begun: false,
            late: false,
            ended: false,
        })))
    }

    fn with<T>(&self, look: impl FnOnce(&mut Reading) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Stream for Lent {
    type Item = Result<Bytes, axum::BoxError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.with(|reading| {
            reading.begun = true;
            if reading.late {
                return Poll::Ready(Some(Err(Late.into())));
            }
            if reading.ended {
                return Poll::Ready(None);
            }
            match reading.body.poll_next_unpin(cx) {
                Poll::Ready(Some(Ok(bytes))) => {
                    let next = reading.end.min(Instant::now() + reading.pause);
                    reading.timer.as_mut().reset(next);
                    Poll::Ready(Some(Ok(bytes)))
                }
                Poll::Ready(Some(Err(error))) => {
                    reading.ended = true;
                    Poll::Ready(Some(Err(error.into())))
                }
                Poll::Ready(None) => {
                    reading.ended = true;
                    Poll::Ready(None)
                }
                Poll::Pending => match reading.timer.as_mut().poll(cx) {
                    Poll::Ready(()) => {
                        reading.late = true;
                        Poll::Ready(Some(Err(Late.into())))
                    }
                    Poll::Pending => Poll::Pending,
                },
            }
        })
    }
}

/// Watches over body and answer: both come in time, and what is left of the body is read.
pub async fn watch(patience: Patience, request: Request, next: Next) -> Response {
    let with_files = moves_files(request.uri().path());
    let answer_within = if with_files {
        patience.files
    } else {
        patience.answer + patience.form
    };
    if request.body().is_end_stream() {
        return match tokio::time::timeout(answer_within, next.run(request)).await {
            Ok(response) => response,
            Err(_) => took_too_long(),
        };
    }
    let waits_for_leave = request.headers().contains_key(header::EXPECT);
    let whole = if with_files {
        patience.files
    } else {
        patience.form
    };
    let (parts, body) = request.into_parts();
    let lent = Lent::new(body, patience.pause, whole);
    let request = Request::from_parts(parts, Body::from_stream(lent.clone()));
    let answer = tokio::time::timeout(answer_within, next.run(request)).await;
    let mut response = match answer {
        _ if lent.with(|reading| reading.late) => late(),
        Ok(response) => response,
        Err(_) => took_too_long(),
    };
    // A client that waits for leave to send its body has not sent it.
    let nothing_comes = waits_for_leave && !lent.with(|reading| reading.begun);
    if nothing_comes || !drained(lent).await {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    response
}

/// Whether files travel to or from this path, which may take long.
fn moves_files(path: &str) -> bool {
    path.starts_with("/files/")
        || path.starts_with("/audit/export.")
        || path.ends_with("/report.pdf")
        || path.ends_with("/report.csv")
}

/// Reads the rest of a body; false if it is longer than anybody should send, or breaks off.
async fn drained(mut lent: Lent) -> bool {
    let mut most = limits::DRAINED_BYTES;
    while let Some(chunk) = lent.next().await {
        let Ok(chunk) = chunk else {
            return false;
        };
        match most.checked_sub(u64::try_from(chunk.len()).unwrap_or(u64::MAX)) {
            Some(left) => most = left,
            None => return false,
        }
    }
    true
}

fn late() -> Response {
    (
        StatusCode::REQUEST_TIMEOUT,
        Said::new(
            "What you sent did not arrive in time. Check your connection, go back and try again.",
        ),
    )
        .into_response()
}

fn took_too_long() -> Response {
    tracing::warn!("an answer took too long");
    (
        StatusCode::SERVICE_UNAVAILABLE,
        Said::new("This takes longer than it should. Try again shortly."),
    )
        .into_response()
}
