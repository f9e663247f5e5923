//! Where a step leads, and the addresses of our pages.

use super::{Done, Visit};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Where to go after a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    path: String,
    done: Option<Done>,
    cookies: Vec<String>,
}

impl Next {
    /// To a page of ours.
    pub fn to(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            done: None,
            cookies: Vec::new(),
        }
    }

    /// Where it is said what was done.
    pub const fn saying(mut self, done: Done) -> Self {
        self.done = Some(done);
        self
    }

    /// With what was done in its address, as this visitor's browser alone is told it.
    pub fn told_to(mut self, visit: &Visit) -> Self {
        if let Some(done) = self.done.take() {
            self.path = done.told_on(&self.path, visit);
        }
        self
    }

    /// The page's address.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// With a cookie, as its header has it.
    pub fn cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// Whether a cookie of this name goes with it.
    pub fn has_cookie(&self, name: &str) -> bool {
        let mut cookies = self.cookies.iter();
        cookies.any(|cookie| cookie.split_once('=').is_some_and(|(own, _)| own == name))
    }

    /// To a script that has sent a file: it is there, and this is the page to go on to.
    pub fn created(self) -> Response {
        let mut response = self.into_response();
        *response.status_mut() = StatusCode::CREATED;
        response
    }

    /// To whoever wants no page: done.
    pub(super) fn without_page(self) -> Response {
        let mut response = Json(()).into_response();
        set_cookies(&mut response, &self.cookies);
        response
    }
}

impl IntoResponse for Next {
    fn into_response(self) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        // An address with a line break would be no header: nobody is sent anywhere by it.
        let location = HeaderValue::from_str(&self.path);
        response.headers_mut().insert(
            header::LOCATION,
            location.unwrap_or(HeaderValue::from_static("/")),
        );
        set_cookies(&mut response, &self.cookies);
        response
    }
}

fn set_cookies(response: &mut Response, cookies: &[String]) {
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
}

/// Whether an address leads to a page of ours and nowhere else.
pub fn is_local_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.starts_with("/do/")
        && !path.contains('\\')
        && !path.chars().any(char::is_control)
        && path.len() < 2_000
}

/// An address that somebody else may have written, if it leads to a page of ours.
pub fn own_page(path: &str) -> Option<&str> {
    is_local_path(path).then_some(path)
}

/// A parameter of an address, as it stands there.
pub(super) fn parameter<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = path.split_once('?')?;
    query
        .split('#')
        .next()?
        .split('&')
        .filter_map(|part| part.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// `path` with the query parameter set, in place of `kept` and `done` from before.
pub(super) fn with_parameter(path: &str, name: &str, value: &str) -> String {
    let path = path.split('#').next().unwrap_or(path);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut parts: Vec<String> = query
        .split('&')
        .filter(|part| !part.is_empty() && !part.starts_with("kept=") && !part.starts_with("done="))
        .map(str::to_owned)
        .collect();
    parts.push(format!("{name}={value}"));
    format!("{path}?{}", parts.join("&"))
}

/// Text as a value in a query string.
pub fn encode(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_replaces_those_of_an_earlier_answer() {
        assert_eq!(
            with_parameter("/cases/UD-1?a=b&kept=1&done=x#here", "kept", "2"),
            "/cases/UD-1?a=b&kept=2"
        );
    }

    #[test]
    fn a_next_address_survives_as_one_parameter() {
        assert_eq!(encode("/a?b=c&d"), "/a%3Fb%3Dc%26d");
    }

    #[test]
    fn only_pages_of_ours_are_gone_to() {
        for path in ["/", "/apps?x=1", "/cases/UD-1#tasks"] {
            assert_eq!(own_page(path), Some(path));
        }
        for path in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "/a\r\nb",
            "/do/sign_out",
        ] {
            assert_eq!(own_page(path), None, "{path}");
        }
    }
}
