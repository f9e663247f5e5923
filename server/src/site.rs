//! The bundled site: script, wasm, style sheet and fonts, as `cargo xtask build` lays them out.
//!
//! Everything lives under one folder named after the hash of its contents
//! (`pkg/<version>/…`), so a browser may keep it for ever. Beside a file may
//! lie its `.br` and `.gz`, made when the site was built; the best one that
//! the browser takes is sent. A distribution (feature `embed-site`) carries
//! the site inside the binary; otherwise it is read from the folder
//! `LEPTOS_SITE_ROOT`, by default `target/site`.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use leptos::config::LeptosOptions;

#[cfg(feature = "embed-site")]
use embedded::Files;
#[cfg(not(feature = "embed-site"))]
use folder::Files;

/// The name of the script, wasm and style sheet: `<OUTPUT>.js` and so on.
const OUTPUT: &str = "upgrade-desk";

/// Why the site cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// There is no built site where it should be.
    #[error("no site in {0}: run `cargo xtask build` first, or set LEPTOS_SITE_ROOT")]
    Missing(String),
}

/// The site that this process serves.
#[derive(Clone)]
pub struct Site {
    /// The hash of the contents; empty when cargo-leptos laid the site out, which does not name one.
    version: Arc<str>,
    files: Files,
}

impl Site {
    /// Finds the site and reads its version.
    pub fn open() -> Result<Self, SiteError> {
        let files = Files::open();
        let version = files.version();
        let site = Self {
            version: version.unwrap_or_default().into(),
            files,
        };
        let style_sheet = format!("{}/{OUTPUT}.css", site.pkg_dir());
        match site.files.read(&style_sheet) {
            Some(_) => Ok(site),
            None => Err(SiteError::Missing(site.files.place())),
        }
    }

    /// What Leptos needs to know to write the links to script, wasm and style sheet.
    pub fn leptos_options(&self, addr: SocketAddr) -> LeptosOptions {
        LeptosOptions::builder()
            .output_name(OUTPUT)
            .site_root(self.files.place())
            .site_pkg_dir(self.pkg_dir())
            .site_addr(addr)
            .build()
    }

    fn pkg_dir(&self) -> String {
        match self.version.as_ref() {
            "" => "pkg".to_owned(),
            version => format!("pkg/{version}"),
        }
    }

    /// The answer to a request for `path` below `pkg/`.
    fn respond(&self, path: &str, headers: &HeaderMap) -> Response {
        if !is_plain(path) {
            return StatusCode::NOT_FOUND.into_response();
        }
        let path = match self.version.is_empty() {
            // cargo-leptos lays fonts and icons out beside `pkg`, not in it.
            true if !path.starts_with(OUTPUT) => path.to_owned(),
            _ => format!("pkg/{path}"),
        };
        let immutable = !self.version.is_empty();
        let etag = format!("\"{}\"", self.version);
        if immutable
            && headers
                .get(header::IF_NONE_MATCH)
                .is_some_and(|known| known == &etag)
        {
            return StatusCode::NOT_MODIFIED.into_response();
        }
        let Some((bytes, encoding)) = self.best(&path, headers) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let mut response = bytes.into_response();
        let answer = response.headers_mut();
        answer.insert(header::CONTENT_TYPE, content_type(&path));
        answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(encoding) = encoding {
            answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        if immutable {
            answer.insert(
                header::CACHE_CONTROL,
                HeaderValue::from_static("public, max-age=31536000, immutable"),
            );
            if let Ok(etag) = HeaderValue::from_str(&etag) {
                answer.insert(header::ETAG, etag);
            }
        } else {
            answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
        response
    }

    /// The smallest form of the file that the browser takes, with its content encoding.
    fn best(
        &self,
        path: &str,
        headers: &HeaderMap,
    ) -> Option<(Cow<'static, [u8]>, Option<&'static str>)> {
        let accepted = headers
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        [("br", "br"), ("gzip", "gz")]
            .into_iter()
            .filter(|(encoding, _)| accepts(accepted, encoding))
            .find_map(|(encoding, suffix)| {
                let bytes = self.files.read(&format!("{path}.{suffix}"))?;
                Some((bytes, Some(encoding)))
            })
            .or_else(|| Some((self.files.read(path)?, None)))
    }
}

/// The routes of the site's files.
pub fn routes(site: Site) -> Router {
    Router::new()
        .route("/pkg/{*path}", get(file))
        .with_state(site)
}

async fn file(State(site): State<Site>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    site.respond(&path, &headers)
}

/// Whether a path names a file below the site and nothing above or beside it.
fn is_plain(path: &str) -> bool {
    path.split('/')
        .all(|part| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '\0', ':']))
}

/// Whether an `Accept-Encoding` header names the encoding without refusing it (`;q=0`).
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let refused = parts.any(|part| {
            part.strip_prefix("q=")
                .and_then(|weight| weight.parse::<f32>().ok())
                .is_some_and(|weight| weight <= 0.0)
        });
        named && !refused
    })
}

fn content_type(path: &str) -> HeaderValue {
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    let text = match (guess.type_(), guess.subtype()) {
        (mime_guess::mime::TEXT, _) => format!("{guess}; charset=utf-8"),
        _ => guess.to_string(),
    };
    HeaderValue::from_str(&text)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"))
}

/// The site in a folder: for development, the demo from a checkout and the tests.
#[cfg(not(feature = "embed-site"))]
mod folder {
    use std::borrow::Cow;
    use std::path::PathBuf;
    use std::sync::Arc;

    #[derive(Clone)]
    pub struct Files(Arc<PathBuf>);

    impl Files {
        pub fn open() -> Self {
            let root = std::env::var_os("LEPTOS_SITE_ROOT").unwrap_or_else(|| "target/site".into());
            Self(Arc::new(root.into()))
        }

        pub fn place(&self) -> String {
            self.0.display().to_string()
        }

        pub fn version(&self) -> Option<String> {
            let text = std::fs::read_to_string(self.0.join("version.txt")).ok()?;
            Some(text.trim().to_owned())
        }

        pub fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
            std::fs::read(self.0.join(path)).ok().map(Cow::Owned)
        }
    }
}

/// The site inside the binary: for the distribution.
#[cfg(feature = "embed-site")]
mod embedded {
    use std::borrow::Cow;

    #[derive(rust_embed::RustEmbed)]
    #[folder = "$UPGRADE_DESK_SITE"]
    struct Embedded;

    #[derive(Clone)]
    pub struct Files;

    impl Files {
        pub fn open() -> Self {
            Self
        }

        pub fn place(&self) -> String {
            "the binary".to_owned()
        }

        pub fn version(&self) -> Option<String> {
            let text = Embedded::get("version.txt")?;
            Some(String::from_utf8_lossy(&text.data).trim().to_owned())
        }

        pub fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
            Embedded::get(path).map(|file| file.data)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_leave_the_site() {
        for path in [
            "",
            "..",
            "../version.txt",
            "a/../../b",
            "a//b",
            "/etc/passwd",
            ".git",
            "a\\b",
            "c:a",
        ] {
            assert!(!is_plain(path), "{path}");
        }
        assert!(is_plain("0f3a/fonts/inter.woff2"));
    }

    #[test]
    fn a_refused_encoding_is_not_sent() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("brotli", "br"));
    }

    #[test]
    fn wasm_and_text_have_the_types_that_browsers_insist_on() {
        assert_eq!(content_type("a.wasm"), "application/wasm");
        assert_eq!(content_type("a.css"), "text/css; charset=utf-8");
        assert_eq!(content_type("a.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("a.woff2"), "font/woff2");
    }
}
