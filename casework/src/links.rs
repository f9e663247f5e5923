//! Whether a web address that a developer gives is public and answers (seed: "Your privacy policy
//! must be publicly-posted").
//!
//! We visit addresses that strangers type, from inside our network. So every host is resolved by
//! ourselves, no address that is not public is ever connected to, and each redirect is looked at
//! like a new address (ASVS 1.3).

use async_trait::async_trait;
use reqwest::{
    StatusCode,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect::Policy,
};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use url::{Host, Url};

/// Checks an address on the web.
#[async_trait]
pub trait LinkChecker: Send + Sync {
    /// Nothing if the address is public and answers; else what is wrong with it and how to mend
    /// it, as the end of a sentence ("this address asks for a sign-in; it must be public").
    async fn problem(&self, address: &str) -> Option<String>;
}

/// Redirects are followed this often.
const HOPS: usize = 3;
const PATIENCE: Duration = Duration::from_secs(5);

const NOT_PUBLIC: &str = "this address is not public; give one that everybody can open";

/// The web itself.
#[derive(Clone, Debug)]
pub struct PublicWeb(reqwest::Client);

impl PublicWeb {
    /// A checker with connections of its own.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .user_agent("UpgradeDesk/1 (link check)")
            .https_only(true)
            .redirect(Policy::none())
            .dns_resolver(Arc::new(PublicAddresses))
            .no_proxy()
            .timeout(PATIENCE)
            .build()?;
        Ok(Self(client))
    }
}

#[async_trait]
impl LinkChecker for PublicWeb {
    async fn problem(&self, address: &str) -> Option<String> {
        let mut url = match public_url(address) {
            Ok(url) => url,
            Err(problem) => return Some(problem),
        };
        for _ in 0..=HOPS {
            let Ok(answer) = self.0.get(url.clone()).send().await else {
                return Some("this address does not answer; check it, then try again".to_owned());
            };
            let status = answer.status();
            if status.is_redirection() {
                let target = answer
                    .headers()
                    .get(reqwest::header::LOCATION)
                    .and_then(|location| location.to_str().ok())
                    .and_then(|location| url.join(location).ok());
                let Some(target) = target else {
                    return Some("this address leads nowhere".to_owned());
                };
                url = match public_url(target.as_str()) {
                    Ok(url) => url,
                    Err(problem) => return Some(problem),
                };
                continue;
            }
            return match status {
                status if status.is_success() => None,
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                    Some("this address asks for a sign-in; it must be public".to_owned())
                }
                StatusCode::NOT_FOUND | StatusCode::GONE => {
                    Some("there is no page at this address".to_owned())
                }
                status => Some(format!(
                    "this address answers with an error ({})",
                    status.as_u16()
                )),
            };
        }
        Some("this address redirects too often".to_owned())
    }
}

/// A web in which every public address answers: for the demo and for tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct PretendWeb;

#[async_trait]
impl LinkChecker for PretendWeb {
    async fn problem(&self, address: &str) -> Option<String> {
        public_url(address).err()
    }
}

/// Whether an address may be visited, by what can be seen of it.
fn public_url(address: &str) -> Result<Url, String> {
    let url = Url::parse(address.trim())
        .map_err(|_| "write a whole address that begins with https://".to_owned())?;
    if url.scheme() != "https" {
        return Err("the address must begin with https://".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("leave name and password out of the address; it must be public".to_owned());
    }
    if url.port().is_some_and(|port| port != 443) {
        return Err("leave the port out of the address".to_owned());
    }
    let public = match url.host() {
        Some(Host::Ipv4(address)) => is_public(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => is_public(IpAddr::V6(address)),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_lowercase();
            name.contains('.')
                && !["localhost", "local", "internal", "localdomain", "home.arpa"]
                    .iter()
                    .any(|inner| name == *inner || name.ends_with(&format!(".{inner}")))
        }
        None => false,
    };
    if public {
        Ok(url)
    } else {
        Err(NOT_PUBLIC.to_owned())
    }
}

/// Resolves names, and knows no address that is not public.
struct PublicAddresses;

impl Resolve for PublicAddresses {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 443)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(NOT_PUBLIC.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether an address belongs to the public internet: not this machine, not a private or local
/// network, nothing reserved, and none of these in disguise (mapped, NAT64, 6to4).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

const fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && b >= 64 && b < 128)
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19)))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            embedded(high, low)
        }
        [0x2002, high, low, ..] => embedded(high, low),
        // Documentation, Teredo, ORCHID and the like.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        // Global unicast; everything else is local, reserved or multicast.
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_public() {
        for inner in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
        ] {
            assert!(!is_public(inner.parse().unwrap()), "{inner}");
        }
        for outer in [
            "93.184.216.34",
            "8.8.8.8",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
        ] {
            assert!(is_public(outer.parse().unwrap()), "{outer}");
        }
    }

    #[test]
    fn an_address_says_what_is_wrong_with_it() {
        for (address, wrong) in [
            ("http://example.com/", "https"),
            ("javascript:alert(1)", "https"),
            ("https://user:secret@example.com/", "name and password"),
            ("https://example.com:8443/", "port"),
            ("https://localhost/", "not public"),
            ("https://intranet/", "not public"),
            ("https://db.internal./", "not public"),
            ("https://127.1/", "not public"),
            ("https://0x7f000001/", "not public"),
            ("https://[::ffff:7f00:1]/", "not public"),
            ("privacy", "whole address"),
        ] {
            let problem = public_url(address).unwrap_err();
            assert!(problem.contains(wrong), "{address}: {problem}");
        }
        assert!(public_url("https://example.com/privacy?lang=en").is_ok());
    }
}
