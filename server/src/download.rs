//! Files down: whole, or the part that a player or a download that goes on asks for.

use crate::problem::refusal;
use app::web::Visit;
use axum::{
    Extension,
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use casework::{Error, Result, queries, queries::Download, support::queries::request_file};
use http_range_header::{RangeUnsatisfiableError, parse_range_header};
use std::ops::Range;
use workflow::AttachmentId;

/// Sends an uploaded file: to be saved, never shown by the browser as a page of ours. With `?show=1` a
/// PDF may be shown within a page of ours, by the viewer of the browser (decision 41).
pub async fn download(
    Path(id): Path<String>,
    Extension(visit): Extension<Visit>,
    headers: HeaderMap,
) -> Response {
    match found(&id, &visit).await {
        Ok(file) => {
            let shown = file.mime == "application/pdf" && visit.query("show").is_some();
            let mut answer = send(file, &visit, &headers).await;
            if shown && answer.status().is_success() {
                let headers = answer.headers_mut();
                for (name, value) in SHOWN {
                    headers.insert(name, HeaderValue::from_static(value));
                }
            }
            answer
        }
        Err(error) => refusal(&error),
    }
}

/// How a PDF is sent that is shown within a page. Not with `sandbox`: with that browsers whose viewer is
/// a plugin of theirs, as Chromium's is, show nothing. Its own type, which no browser guesses at
/// (`nosniff`), keeps it from being a page of ours, and no script of the viewer's runs as ours.
const SHOWN: [(header::HeaderName, &str); 3] = [
    (header::CONTENT_DISPOSITION, "inline"),
    (
        header::CONTENT_SECURITY_POLICY,
        "script-src 'none'; connect-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    ),
    (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
];

async fn found(id: &str, visit: &Visit) -> Result<Download> {
    let id: AttachmentId = id.parse().map_err(|_| Error::NotFound)?;
    let caller = visit.caller()?;
    match queries::attachment(&visit.desk, caller, id).await {
        Err(Error::NotFound) => request_file(&visit.desk, caller, id.0).await,
        other => other,
    }
}

async fn send(file: Download, visit: &Visit, asked: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", file.sha256);
    let size = file.size;
    let mut headers = HeaderMap::new();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::ACCEPT_RANGES, "bytes");
    set(header::ETAG, &etag);
    set(header::CONTENT_TYPE, &file.mime);
    set(header::CONTENT_DISPOSITION, &file.disposition);
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; sandbox",
    );
    let (status, file) = match wanted(asked, size, &etag) {
        Wanted::Whole => {
            set(header::CONTENT_LENGTH, &size.to_string());
            (StatusCode::OK, file)
        }
        Wanted::Part(part) => {
            set(header::CONTENT_LENGTH, &(part.end - part.start).to_string());
            let of = format!("bytes {}-{}/{size}", part.start, part.end - 1);
            set(header::CONTENT_RANGE, &of);
            match file.part(&visit.desk, part).await {
                Ok(file) => (StatusCode::PARTIAL_CONTENT, file),
                Err(error) => return refusal(&error),
            }
        }
        Wanted::Beyond => {
            let of = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return (StatusCode::RANGE_NOT_SATISFIABLE, of).into_response();
        }
    };
    (status, headers, Body::from_stream(file.bytes)).into_response()
}

/// What of a file is asked for (RFC 9110, 14).
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(Range<u64>),
    /// What it does not have.
    Beyond,
}

/// Several parts at once, and what cannot be read, are answered with the whole.
fn wanted(headers: &HeaderMap, size: u64, etag: &str) -> Wanted {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_RANGE).is_some_and(|known| known != etag) {
        return Wanted::Whole;
    }
    let Some(Ok(ranges)) = text(header::RANGE).map(parse_range_header) else {
        return Wanted::Whole;
    };
    match ranges.validate(size) {
        Ok(parts) => match parts.as_slice() {
            [part] => Wanted::Part(*part.start()..part.end() + 1),
            _ => Wanted::Whole,
        },
        Err(RangeUnsatisfiableError::FileSuffixOutOfBounds) => Wanted::Whole,
        Err(_) => Wanted::Beyond,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ETAG: &str = "\"abc\"";

    fn asked(range: &'static str, if_range: Option<&'static str>) -> Wanted {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_static(range));
        if let Some(known) = if_range {
            headers.insert(header::IF_RANGE, HeaderValue::from_static(known));
        }
        wanted(&headers, 100, ETAG)
    }

    #[test]
    fn one_part_is_sent_as_asked_and_everything_else_as_a_whole() {
        for (range, part) in [
            ("bytes=0-9", 0..10),
            ("bytes=90-", 90..100),
            ("bytes=-1", 99..100),
            ("bytes=50-5000", 50..100),
        ] {
            assert_eq!(asked(range, None), Wanted::Part(part), "{range}");
        }
        for range in ["bytes=0-1,5-6", "bytes=x", "lines=1-2", "", "bytes=-500"] {
            assert_eq!(asked(range, None), Wanted::Whole, "{range}");
        }
        for range in ["bytes=100-", "bytes=200-300"] {
            assert_eq!(asked(range, None), Wanted::Beyond, "{range}");
        }
        assert_eq!(asked("bytes=0-9", Some(ETAG)), Wanted::Part(0..10));
        assert_eq!(asked("bytes=0-9", Some("\"old\"")), Wanted::Whole);
    }
}
