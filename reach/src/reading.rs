//! Reading a page of text: no more of it than fits, and only if it has changed where its server can
//! tell.

use super::{PATIENCE, REDIRECTS, leads_on, looks_public, target, unreachable};
use crate::{LinkChecker, robots};
use async_trait::async_trait;
use reqwest::{
    Client, RequestBuilder, Response, StatusCode,
    header::{
        ACCEPT, CONTENT_TYPE, ETAG, HOST, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH,
        LAST_MODIFIED, USER_AGENT,
    },
    redirect::Policy,
};
use std::net::{Ipv4Addr, SocketAddr};
use url::Url;

/// How many bytes of a page are read.
const LARGEST: usize = 1 << 20;

/// How many bytes of a `robots.txt` are read.
const LARGEST_ROBOTS: usize = 512 * 1024;

/// How many redirects of a `robots.txt` are followed (RFC 9309, 2.3.1.2).
const ROBOTS_REDIRECTS: usize = 5;

/// How long a mark of a page's version may be to be given back.
const LONGEST_MARK: usize = 512;

/// How a page is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Who asks: read by whoever runs the server.
    pub agent: String,
    /// What the server called the version that is known (`ETag`).
    pub etag: Option<String>,
    /// When it said that version was made (`Last-Modified`).
    pub modified: Option<String>,
}

/// A page as it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub body: String,
    /// Whether it is HTML; else plain text.
    pub html: bool,
    pub etag: Option<String>,
    pub modified: Option<String>,
}

/// What came of reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    Page(Page),
    /// It is what it was when the server gave it the known mark.
    Unchanged,
    /// What is wrong, as [`LinkChecker::problem`] says it.
    Failed(String),
    /// There is no web here, as in a demo: nothing is known of the page.
    NoWeb,
}

/// Reads a page, by its address or at the server that stands in for the whole web.
pub(crate) async fn read(
    client: &Client,
    instead: Option<SocketAddr>,
    address: &str,
    asked: &Asked,
) -> Read {
    match answer(client, instead, address, asked).await {
        Ok(read) => read,
        Err(fault) => Read::Failed(fault),
    }
}

async fn answer(
    client: &Client,
    instead: Option<SocketAddr>,
    address: &str,
    asked: &Asked,
) -> Result<Read, String> {
    let mut url = looks_public(address)?;
    for _ in 0..=REDIRECTS {
        may_read(client, instead, &url, asked).await?;
        let sent = request(client, instead, &url, asked)?.send().await;
        let response = sent.map_err(|error| unreachable(&error))?;
        let status = response.status();
        let marked = asked.etag.is_some() || asked.modified.is_some();
        if status == StatusCode::NOT_MODIFIED && marked {
            return Ok(Read::Unchanged);
        }
        if status.is_redirection()
            && let Some(next) = target(&response, &url)
        {
            url = looks_public(next.as_str()).map_err(|fault| {
                format!("this address leads on to one that will not do: {fault}")
            })?;
            continue;
        }
        if let Some(fault) = super::refused(status) {
            return Err(fault);
        }
        return page(response).await.map(Read::Page);
    }
    Err(leads_on())
}

/// Whether the site lets us read this page; a site without `robots.txt` lets everybody.
async fn may_read(
    client: &Client,
    instead: Option<SocketAddr>,
    page: &Url,
    asked: &Asked,
) -> Result<(), String> {
    let plain = Asked {
        agent: asked.agent.clone(),
        ..Asked::default()
    };
    let mut url = page
        .join("/robots.txt")
        .map_err(|_| "write a whole address that begins with https://.".to_owned())?;
    for _ in 0..=ROBOTS_REDIRECTS {
        let sent = request(client, instead, &url, &plain)?.send().await;
        let response = sent.map_err(|error| unreachable(&error))?;
        let status = response.status();
        if status.is_redirection()
            && let Some(next) = target(&response, &url)
        {
            // One that leads where nothing public stands is as good as none.
            let Ok(next) = looks_public(next.as_str()) else {
                return Ok(());
            };
            url = next;
            continue;
        }
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(format!(
                "its site answers with an error ({}) when asked what may be read (robots.txt).",
                status.as_u16()
            ));
        }
        if !status.is_success() {
            return Ok(());
        }
        let robots = beginning(response).await?;
        let path = match page.query() {
            Some(query) => format!("{}?{query}", page.path()),
            None => page.path().to_owned(),
        };
        return if robots::allows(&robots, &path) {
            Ok(())
        } else {
            Err(format!(
                "the robots.txt of its site does not let us read this page; allow it for \"{}\".",
                robots::OUR_NAME
            ))
        };
    }
    // As RFC 9309 has it, rules that cannot be found are none.
    Ok(())
}

/// As much of a text as is read.
async fn beginning(mut response: Response) -> Result<String, String> {
    let mut bytes = Vec::new();
    while bytes.len() < LARGEST_ROBOTS {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => return Err(unreachable(&error)),
        }
    }
    bytes.truncate(LARGEST_ROBOTS);
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn request(
    client: &Client,
    instead: Option<SocketAddr>,
    url: &Url,
    asked: &Asked,
) -> Result<RequestBuilder, String> {
    let request = match instead {
        None => client.get(url.clone()),
        Some(server) => {
            let host = url.host_str().unwrap_or_default().to_owned();
            let query = url
                .query()
                .map_or(String::new(), |query| format!("?{query}"));
            let here = format!("http://{server}{}{query}", url.path());
            client.get(here).header(HOST, host)
        }
    };
    let mut request = request.header(ACCEPT, "text/html, text/plain;q=0.9");
    if !asked.agent.is_empty() {
        request = request.header(USER_AGENT, &asked.agent);
    }
    for (name, mark) in [
        (IF_NONE_MATCH, &asked.etag),
        (IF_MODIFIED_SINCE, &asked.modified),
    ] {
        if let Some(mark) = mark {
            request = request.header(name, mark);
        }
    }
    Ok(request)
}

async fn page(mut response: Response) -> Result<Page, String> {
    let kind = text_of(response.headers(), &CONTENT_TYPE).unwrap_or_default();
    let (kind, charset) = kind_of(&kind);
    let html = match kind.as_str() {
        "text/html" | "application/xhtml+xml" => true,
        "text/plain" => false,
        _ => {
            return Err("this address answers with something else than a page of text.".to_owned());
        }
    };
    let etag = text_of(response.headers(), &ETAG);
    let modified = text_of(response.headers(), &LAST_MODIFIED);
    let mut bytes = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| unreachable(&error))?
    {
        if bytes.len() + chunk.len() > LARGEST {
            return Err(format!(
                "the page at this address is larger than {LARGEST} bytes."
            ));
        }
        bytes.extend_from_slice(&chunk);
    }
    if bytes.is_empty() {
        return Err("the page at this address is empty.".to_owned());
    }
    Ok(Page {
        body: decoded(bytes, &charset),
        html,
        etag,
        modified,
    })
}

/// A header's value, if it is text of a length that can be given back.
fn text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    (value.len() <= LONGEST_MARK).then(|| value.to_owned())
}

/// The type and the charset of a `Content-Type`, in lower case.
fn kind_of(header: &str) -> (String, String) {
    let mut parts = header.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
    let charset = parts
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("charset"))
        .map_or(String::new(), |(_, value)| {
            value.trim_matches('"').to_ascii_lowercase()
        });
    (kind, charset)
}

/// Text from bytes: Latin-1 where that is said, else UTF-8, in which what cannot be read is marked.
fn decoded(bytes: Vec<u8>, charset: &str) -> String {
    match charset {
        "iso-8859-1" | "latin1" | "windows-1252" => bytes.into_iter().map(char::from).collect(),
        _ => String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

/// For tests: one server of this machine stands in for the whole web. Addresses are looked at as
/// [`crate::PublicWeb`] looks at them, but none is resolved: whatever is asked for is asked of that
/// server over plain HTTP, the name in the address being its `Host`. The process must have installed
/// its TLS provider before.
pub struct LocalWeb {
    client: Client,
    server: SocketAddr,
}

impl LocalWeb {
    /// The web for which the server at this port of 127.0.0.1 stands in.
    ///
    /// # Errors
    /// When there is no client to be had.
    pub fn new(port: u16) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .timeout(PATIENCE)
            .pool_max_idle_per_host(0)
            .build()?;
        let server = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Ok(Self { client, server })
    }
}

#[async_trait]
impl LinkChecker for LocalWeb {
    async fn problem(&self, address: &str) -> Option<String> {
        match self.read(address, &Asked::default()).await {
            Read::Failed(fault) => Some(fault),
            Read::Page(_) | Read::Unchanged | Read::NoWeb => None,
        }
    }

    async fn read(&self, address: &str, asked: &Asked) -> Read {
        read(&self.client, Some(self.server), address, asked).await
    }
}
