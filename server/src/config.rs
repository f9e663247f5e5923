//! How a server is configured: a TOML file, and the environment over it. Every field is checked
//! before anything starts.

use casework::mail::{MailConfig, SmtpConfig, Transport, TransportConfig, TransportError};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::{
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    path::{Path, PathBuf},
};
use url::{Host, Url};
use workflow::mailbox::{LocalParts, Mailbox};

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
    pub database: SecretString,
    /// Database connections of this instance.
    #[serde(default = "default_connections")]
    pub connections: u32,
    /// The folder of the uploaded files.
    pub data: PathBuf,
    /// At least 32 characters that only this desk's instances know.
    #[serde(default)]
    pub secret: SecretString,
    /// Whether giving Approver, Compliance or Admin waits for a second admin. No admin can change
    /// it from the pages.
    #[serde(default = "default_second_admin")]
    pub second_admin: bool,
    /// Whether staff set up a second factor before they do anything else.
    #[serde(default)]
    pub second_factor_for_staff: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    #[serde(default)]
    pub trusted_proxies: Vec<IpAddr>,
    /// Connections of browsers and proxies at once.
    #[serde(default = "default_max_connections")]
    pub max_connections: usize,
    /// How long requests may go on once the server was told to stop, in seconds.
    #[serde(default = "default_shutdown_seconds")]
    pub shutdown_seconds: u64,
    /// How long things are kept, in days.
    #[serde(default)]
    pub retention: casework::sweep::Retention,
    /// Sender and server of the mail.
    pub mail: Option<MailConfig>,
    /// Where the audit log is published, and with which key.
    #[serde(default)]
    pub audit: AuditConfig,
}

/// The audit log: `[audit]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditConfig {
    /// The file of keys; `audit/key` below `data` unless said otherwise. Made at the first start.
    pub key: Option<PathBuf>,
    /// The folder that the log is published in; `audit/log` below `data` unless said otherwise.
    pub log: Option<PathBuf>,
    /// A folder that it is copied to: on another machine, if it is to help.
    pub second: Option<PathBuf>,
    /// How often a checkpoint is made, in minutes.
    pub every_minutes: u64,
    /// Where the newest checkpoint is mailed to once a day.
    pub mailbox: Option<String>,
    /// Who cosigns checkpoints.
    pub witness: Vec<WitnessConfig>,
}

/// A witness: `[[audit.witness]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessConfig {
    /// Below which address it answers.
    pub url: Url,
    /// Its public key, `name+id+key`.
    pub key: String,
}

impl Default for AuditConfig {
    fn default() -> Self {
        Self {
            key: None,
            log: None,
            second: None,
            every_minutes: 15,
            mailbox: None,
            witness: Vec::new(),
        }
    }
}

impl AuditConfig {
    /// The file of keys.
    pub fn key(&self, data: &Path) -> PathBuf {
        let named = self.key.clone();
        named.unwrap_or_else(|| data.join("audit").join("key"))
    }

    /// The folder of the published log.
    pub fn log(&self, data: &Path) -> PathBuf {
        let named = self.log.clone();
        named.unwrap_or_else(|| data.join("audit").join("log"))
    }
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

const fn default_max_connections() -> usize {
    2_048
}

const fn default_shutdown_seconds() -> u64 {
    25
}

const CONNECTIONS: RangeInclusive<u32> = 1..=200;
const MAX_CONNECTIONS: RangeInclusive<usize> = 16..=100_000;
const SHUTDOWN_SECONDS: RangeInclusive<u64> = 1..=600;
const EVERY_MINUTES: RangeInclusive<u64> = 1..=1_440;
const TIMEOUT_SECONDS: RangeInclusive<u64> = 1..=600;
/// Different characters that a secret has at least: 32 times `a` is none.
const DIFFERENT: usize = 8;

/// What is wrong with a configuration, and how to correct it.
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
    /// A field with what has to be done.
    #[error("`{field}`: {text}")]
    Field { field: &'static str, text: String },
    #[error(transparent)]
    Mail(#[from] TransportError),
}

fn wrong(field: &'static str, text: impl Into<String>) -> ConfigError {
    ConfigError::Field {
        field,
        text: text.into(),
    }
}

fn within<T: PartialOrd + std::fmt::Display>(
    field: &'static str,
    value: &T,
    range: &RangeInclusive<T>,
) -> Result<(), ConfigError> {
    if range.contains(value) {
        return Ok(());
    }
    let (least, most) = (range.start(), range.end());
    Err(wrong(
        field,
        format!("choose a number from {least} to {most}; it is {value}"),
    ))
}

/// The secret of every demo: known to all, so never to be used elsewhere.
pub const DEMO_SECRET: &str = "the demo's secret is known to all who read this";

/// Names in the environment that share the prefix and are no settings.
const NO_SETTINGS: &[&str] = &["log", "config", "site"];

impl Config {
    /// Reads file and environment, and checks that they can serve in production.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn read(file: Option<&Path>) -> Result<Self, ConfigError> {
        let mut sources = config::Config::builder();
        if let Some(file) = file {
            let file = config::File::from(file).format(config::FileFormat::Toml);
            sources = sources.add_source(file);
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
        let mut read: config::Map<String, config::Value> = sources.build()?.try_deserialize()?;
        read.retain(|name, _| !NO_SETTINGS.contains(&name.as_str()) && !name.starts_with("fail_"));
        let config: Self = config::Config::builder()
            .add_source(Known(read))
            .build()?
            .try_deserialize()?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.check_secret()?;
        self.check_base_url()?;
        check_database("database", self.database.expose_secret())?;
        within("connections", &self.connections, &CONNECTIONS)?;
        within("max_connections", &self.max_connections, &MAX_CONNECTIONS)?;
        within(
            "shutdown_seconds",
            &self.shutdown_seconds,
            &SHUTDOWN_SECONDS,
        )?;
        if self.data.as_os_str().is_empty() {
            return Err(wrong("data", "name the folder of the uploaded files"));
        }
        if self.data.exists() && !self.data.is_dir() {
            let text = format!("{} is no folder", self.data.display());
            return Err(wrong("data", text));
        }
        within(
            "audit.every_minutes",
            &self.audit.every_minutes,
            &EVERY_MINUTES,
        )?;
        if let Some(to) = &self.audit.mailbox {
            Mailbox::parse(to, LocalParts::Any).map_err(|text| wrong("audit.mailbox", text))?;
        }
        self.check_mail()
    }

    fn check_secret(&self) -> Result<(), ConfigError> {
        let secret = self.secret.expose_secret();
        if secret.chars().count() < 32 {
            return Err(ConfigError::NoSecret);
        }
        if secret == DEMO_SECRET {
            return Err(ConfigError::DemoSecret);
        }
        let different: std::collections::BTreeSet<char> = secret.chars().collect();
        if different.len() < DIFFERENT {
            return Err(wrong(
                "secret",
                "it repeats a few characters; choose at least 32 random ones",
            ));
        }
        Ok(())
    }

    fn check_base_url(&self) -> Result<(), ConfigError> {
        let url = &self.base_url;
        let text = match url.scheme() {
            "https" => "",
            "http" if is_loopback(url) => "",
            "http" => return Err(ConfigError::NotHttps),
            _ => "it must begin with https://",
        };
        let text = match text {
            "" if !url.has_host() => "it names no host",
            "" if !url.username().is_empty() || url.password().is_some() => {
                "leave name and password out"
            }
            "" if url.path() != "/" => {
                "leave the path out: the desk is served from the top of its host"
            }
            "" if url.query().is_some() || url.fragment().is_some() => {
                "leave out what follows the host"
            }
            text => text,
        };
        match text {
            "" => Ok(()),
            text => Err(wrong("base_url", text)),
        }
    }

    fn check_mail(&self) -> Result<(), ConfigError> {
        let Some(mail) = &self.mail else {
            return Err(ConfigError::NoMail);
        };
        match &mail.transport {
            // Whoever reads the database reads every link in it, and nobody gets a letter.
            TransportConfig::Capture
                if !is_loopback(&self.base_url) || !self.address.ip().is_loopback() =>
            {
                return Err(wrong(
                    "mail.transport.kind",
                    "`capture` sends no letter to anybody; it is for trials on this machine, where \
                     `address` and `base_url` name 127.0.0.1. Choose `smtp`",
                ));
            }
            TransportConfig::Capture => {}
            TransportConfig::Smtp(smtp) => check_smtp(smtp)?,
        }
        // Sender, TLS and authority are what the transport itself can make of them.
        Transport::new(mail)?;
        Ok(())
    }
}

fn check_smtp(smtp: &SmtpConfig) -> Result<(), ConfigError> {
    if smtp.host.trim().is_empty() {
        return Err(wrong("mail.transport.host", "name the mail server"));
    }
    if smtp.port == Some(0) {
        let text = "choose a number from 1 to 65535; it is 0";
        return Err(wrong("mail.transport.port", text));
    }
    if smtp.username.is_some() != smtp.password.is_some() {
        let text = "give both, or neither";
        return Err(wrong("mail.transport.username and password", text));
    }
    within(
        "mail.transport.timeout_seconds",
        &smtp.timeout_seconds,
        &TIMEOUT_SECONDS,
    )
}

/// Whether this can be the address of a database; it never appears in the error, for it may carry a
/// password.
///
/// # Errors
/// What is wrong, in words.
pub fn check_database(field: &'static str, url: &str) -> Result<(), ConfigError> {
    const FORMS: &str = "write sqlite:///path/to/desk.sqlite or postgres://user:password@host/name";
    if let Some(path) = sqlite_path(url) {
        return match path.as_str() {
            "" | "/" => Err(wrong(field, format!("it names no file; {FORMS}"))),
            path if path.contains(":memory:") => Err(wrong(
                field,
                "a database in memory is lost when the program ends",
            )),
            _ => Ok(()),
        };
    }
    let url: Url = url.parse().map_err(|_| wrong(field, FORMS))?;
    if !matches!(url.scheme(), "postgres" | "postgresql") {
        return Err(wrong(field, FORMS));
    }
    if url.path().trim_matches('/').is_empty() {
        return Err(wrong(field, format!("it names no database; {FORMS}")));
    }
    Ok(())
}

/// The file of an SQLite database's address; nothing if it is the address of another engine.
pub fn sqlite_path(url: &str) -> Option<String> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split('?').next().unwrap_or(path);
    Some(path.to_owned())
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
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests;
