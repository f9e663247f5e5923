//! Whether a web address that a developer gives is public and answers.
//!
//! The desk visits addresses that strangers type. It must not become their way into the network it
//! stands in: every address and every redirect is checked by its looks, and the names in it are
//! resolved by `PublicNames`, which hands out public addresses alone, so that what was checked is
//! what is connected to.

mod address;
mod peer;
mod reading;
mod robots;

pub use address::is_public;
pub use peer::Peers;
pub use reading::{Asked, LocalWeb, Page, Read};

use async_trait::async_trait;
use reqwest::{
    Client, Response, StatusCode,
    dns::{Addrs, Name, Resolve, Resolving},
    header::LOCATION,
    redirect::Policy,
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use url::{Host, Url};

/// Checks an address on the web.
#[async_trait]
pub trait LinkChecker: Send + Sync {
    /// Nothing if the address is public and answers; else what is wrong with it and how to correct
    /// it, as the end of a sentence ("this address asks for a sign-in; it must be public").
    async fn problem(&self, address: &str) -> Option<String>;

    /// Reads the text page at an address; the same rules hold for it as for [`Self::problem`].
    async fn read(&self, address: &str, asked: &Asked) -> Read;
}

/// How long a visit may take, redirects included one by one.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many redirects are followed.
const REDIRECTS: usize = 3;

/// How many bytes of a page are read: enough to see that it answers.
const READ_AT_MOST: usize = 64 * 1024;

/// Visits addresses on the real web.
pub struct PublicWeb(Client);

/// The address leads on to another too often.
fn leads_on() -> String {
    format!("this address redirects more than {REDIRECTS} times; give the last one.")
}

impl PublicWeb {
    /// A visitor without cookies and without memory. The process must have installed its TLS
    /// provider before.
    ///
    /// # Errors
    /// When there is no TLS to be had.
    pub fn new() -> Result<Self, reqwest::Error> {
        Client::builder()
            .user_agent(concat!("upgrade-desk/", env!("CARGO_PKG_VERSION")))
            .https_only(true)
            .redirect(Policy::none())
            .no_proxy()
            .referer(false)
            .timeout(PATIENCE)
            .connect_timeout(PATIENCE)
            .pool_max_idle_per_host(0)
            .dns_resolver(Arc::new(PublicNames))
            .build()
            .map(Self)
    }

    async fn visit(&self, address: &str) -> Result<(), String> {
        let mut url = looks_public(address)?;
        for _ in 0..=REDIRECTS {
            let response = self.0.get(url.clone()).send().await;
            let response = response.map_err(|error| unreachable(&error))?;
            let status = response.status();
            if status.is_redirection()
                && let Some(next) = target(&response, &url)
            {
                url = looks_public(next.as_str()).map_err(|fault| {
                    format!("this address leads on to one that will not do: {fault}")
                })?;
                continue;
            }
            return judge(response, status).await;
        }
        Err(leads_on())
    }
}

#[async_trait]
impl LinkChecker for PublicWeb {
    async fn problem(&self, address: &str) -> Option<String> {
        self.visit(address).await.err()
    }

    async fn read(&self, address: &str, asked: &Asked) -> Read {
        reading::read(&self.0, None, address, asked).await
    }
}

/// For a demo without internet and for tests: looks at addresses as [`PublicWeb`] does, but takes it
/// for granted that public ones answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct PretendWeb;

#[async_trait]
impl LinkChecker for PretendWeb {
    async fn problem(&self, address: &str) -> Option<String> {
        looks_public(address).err()
    }

    /// Knows no pages: what was read before stays as it was.
    async fn read(&self, _: &str, _: &Asked) -> Read {
        Read::NoWeb
    }
}

/// Whether an address can be public by its looks alone: https, an ordinary port, no credentials,
/// no private host.
fn looks_public(address: &str) -> Result<Url, String> {
    let url = Url::parse(address.trim())
        .map_err(|_| "write a whole address that begins with https://.".to_owned())?;
    if url.scheme() != "https" {
        return Err("this address must begin with https://.".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("this address holds a name or password; it must be public.".to_owned());
    }
    if url.port_or_known_default() != Some(443) {
        return Err("this address names a port; use the ordinary one.".to_owned());
    }
    let private = "this address leads into a private network; it must be public.".to_owned();
    match url.host() {
        Some(Host::Domain(name)) if is_nowhere(name) => {
            Err("no page can be at an address with this ending; check it.".to_owned())
        }
        Some(Host::Ipv4(ip)) if !is_public(ip.into()) => Err(private),
        Some(Host::Ipv6(ip)) if !is_public(ip.into()) => Err(private),
        Some(Host::Domain(name)) if !is_public_name(name) => Err(private),
        Some(_) => Ok(url),
        None => Err("write a whole address that begins with https://.".to_owned()),
    }
}

/// Names that mean something inside a network alone.
fn is_public_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let inner = [
        "localhost",
        "local",
        "localdomain",
        "internal",
        "intranet",
        "lan",
        "home",
        "corp",
        "private",
        "home.arpa",
    ];
    name.contains('.')
        && !inner
            .iter()
            .any(|end| name == *end || name.ends_with(&format!(".{end}")))
}

/// Names that nobody can register (RFC 2606, RFC 6761).
fn is_nowhere(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next();
    matches!(last, Some("invalid" | "test" | "onion"))
}

fn target(response: &Response, from: &Url) -> Option<Url> {
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    from.join(location).ok()
}

/// What an answer without a page says of the address; nothing where there is one.
fn refused(status: StatusCode) -> Option<String> {
    match status {
        StatusCode::UNAUTHORIZED
        | StatusCode::FORBIDDEN
        | StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            Some("this address asks for a sign-in; it must be public.".to_owned())
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => {
            Some("there is no page at this address; check it.".to_owned())
        }
        status if status.is_success() => None,
        status => Some(format!(
            "this address answers with an error ({}); try again when it works.",
            status.as_u16()
        )),
    }
}

async fn judge(mut response: Response, status: StatusCode) -> Result<(), String> {
    if let Some(fault) = refused(status) {
        return Err(fault);
    }
    let mut read = 0;
    while read < READ_AT_MOST {
        match response.chunk().await {
            Ok(Some(chunk)) => read += chunk.len(),
            Ok(None) => break,
            Err(error) => return Err(unreachable(&error)),
        }
    }
    if read == 0 {
        Err("the page at this address is empty.".to_owned())
    } else {
        Ok(())
    }
}

fn unreachable(error: &reqwest::Error) -> String {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = cause {
        if inner.is::<NotPublic>() {
            return "this address leads into a private network; it must be public.".to_owned();
        }
        cause = inner.source();
    }
    tracing::info!(%error, "a web address did not answer");
    if error.is_timeout() {
        "this address does not answer within 5 seconds; try again, or give another.".to_owned()
    } else {
        "this address cannot be reached; check it, and that its certificate is valid.".to_owned()
    }
}

/// Resolves names to public addresses alone.
#[derive(Clone, Copy, Debug)]
struct PublicNames;

/// A name stands for an address inside some network.
#[derive(Debug, thiserror::Error)]
#[error("the name stands for an address that is not public")]
struct NotPublic;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One private address among several is reason enough: which one is connected to would
            // be chance.
            if found.iter().any(|address| !is_public(address.ip())) {
                return Err(NotPublic.into());
            }
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(address: &str) -> Option<String> {
        looks_public(address).err()
    }

    #[test]
    fn an_ordinary_public_address_will_do() {
        for address in [
            "https://example.com/privacy",
            "https://example.com:443/privacy?lang=en#top",
            " https://xn--bcher-kva.example/ ",
            "https://93.184.216.34/privacy",
        ] {
            assert_eq!(fault(address), None, "{address}");
        }
    }

    #[test]
    fn what_is_not_public_by_its_looks_is_refused() {
        for address in [
            "",
            "example.com/privacy",
            "http://example.com/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://user:pass@example.com/",
            "https://example.com:8443/",
            "https://localhost/",
            "https://LOCALHOST./",
            "https://intranet/",
            "https://db.internal/",
            "https://printer.local/",
            "https://shop.invalid/",
            "https://shop.TEST./",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest/meta-data/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
        ] {
            assert!(fault(address).is_some(), "{address}");
        }
    }

    #[tokio::test]
    async fn the_pretended_web_keeps_to_the_same_looks() {
        assert_eq!(PretendWeb.problem("https://example.com/").await, None);
        assert!(PretendWeb.problem("https://127.0.0.1/").await.is_some());
    }

    #[tokio::test]
    async fn a_name_that_stands_for_a_private_address_is_not_resolved() {
        let name = "localhost".parse().unwrap();
        let Err(error) = PublicNames.resolve(name).await else {
            panic!("localhost was resolved");
        };
        assert!(error.is::<NotPublic>());
    }
}
