//! How a server is configured: a TOML file, and the environment over it.

use casework::mail::MailConfig;
use serde::Deserialize;
use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};
use url::Url;

/// The settings of `upgrade-desk serve`. Each can be given in the file or as the environment
/// variable `UPGRADE_DESK_<NAME>` (`UPGRADE_DESK_MAIL__FROM` for `from` in `[mail]`).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen.
    #[serde(default = "default_address")]
    pub address: SocketAddr,
    /// Under which address people reach the desk.
    pub base_url: Url,
    /// `sqlite:///path/to/desk.sqlite` or `postgres://user:password@host/name`.
    pub database: String,
    /// Database connections of this instance.
    #[serde(default = "default_connections")]
    pub connections: u32,
    /// The folder of the uploaded files.
    pub data: PathBuf,
    /// At least 32 characters that only this desk's instances know.
    #[serde(default)]
    pub secret: String,
    /// Whether giving Approver, Compliance or Admin waits for a second admin. No admin can change
    /// it from the pages.
    #[serde(default = "default_second_admin")]
    pub second_admin: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    #[serde(default)]
    pub trusted_proxies: Vec<IpAddr>,
    /// Sender and server of the mail.
    pub mail: Option<MailConfig>,
}

fn default_address() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 3000))
}

const fn default_second_admin() -> bool {
    true
}

const fn default_connections() -> u32 {
    8
}

/// What is wrong with a configuration, and how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the configuration cannot be read: {0}")]
    Unreadable(#[from] config::ConfigError),
    #[error(
        "no secret: set `secret` (or UPGRADE_DESK_SECRET) to at least 32 random characters, the same on every instance"
    )]
    NoSecret,
    #[error(
        "the demo's settings have no place in production: choose another `secret` than the demo's"
    )]
    DemoSecret,
    #[error("`base_url` must begin with https:// unless it names this machine (127.0.0.1)")]
    NotHttps,
    #[error(
        "no mail server: set `[mail]` with `from` and `[mail.transport]` with kind, host and tls"
    )]
    NoMail,
}

/// The secret of every demo: known to all, so never to be used elsewhere.
pub const DEMO_SECRET: &str = "the demo's secret is known to all who read this";

impl Config {
    /// Reads file and environment, and checks that they can serve in production.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn read(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut sources = config::Config::builder();
        if let Some(file) = file {
            sources = sources.add_source(config::File::from(file));
        }
        let sources = sources.add_source(
            config::Environment::with_prefix("UPGRADE_DESK")
                .prefix_separator("_")
                .separator("__")
                .list_separator(",")
                .with_list_parse_key("trusted_proxies")
                .try_parsing(true)
                .ignore_empty(true),
        );
        // The log's filter shares the prefix and is no setting of ours.
        let mut read: config::Map<String, config::Value> = sources.build()?.try_deserialize()?;
        read.remove("log");
        let config: Self = config::Config::builder()
            .add_source(Known(read))
            .build()?
            .try_deserialize()?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        if self.secret.chars().count() < 32 {
            return Err(ConfigError::NoSecret);
        }
        if self.secret == DEMO_SECRET {
            return Err(ConfigError::DemoSecret);
        }
        if self.base_url.scheme() != "https" && !is_loopback(&self.base_url) {
            return Err(ConfigError::NotHttps);
        }
        if self.mail.is_none() {
            return Err(ConfigError::NoMail);
        }
        Ok(())
    }
}

/// Settings that have been read already.
#[derive(Clone, Debug)]
struct Known(config::Map<String, config::Value>);

impl config::Source for Known {
    fn clone_into_box(&self) -> Box<dyn config::Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<config::Map<String, config::Value>, config::ConfigError> {
        Ok(self.0.clone())
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
