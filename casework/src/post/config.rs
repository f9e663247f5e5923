//! How mail is sent, from the configuration.

use serde::Deserialize;
use std::path::PathBuf;

/// How mail is sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// The sender, e.g. `Upgrade Desk <desk@example.org>`.
    pub from: String,
    pub transport: TransportConfig,
}

/// By what means.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TransportConfig {
    /// Kept in our own database, for the demo.
    Capture,
    Smtp(SmtpConfig),
}

/// An SMTP server.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpConfig {
    pub host: String,
    /// 465 for `implicit`, 587 for `starttls`, 25 for `none`, unless said otherwise.
    #[serde(default)]
    pub port: Option<u16>,
    #[serde(default)]
    pub tls: Tls,
    #[serde(default)]
    pub username: Option<String>,
    #[serde(default)]
    pub password: Option<String>,
    /// A file with the certificate (PEM) of a private authority to trust besides the public ones.
    #[serde(default)]
    pub authority: Option<PathBuf>,
    /// The longest wait for any one answer of the server, in seconds. RFC 5321 (4.5.3.2) asks for
    /// up to ten minutes, once the message has been handed over; a shorter time makes copies.
    #[serde(default = "ten_minutes")]
    pub timeout_seconds: u64,
}

const fn ten_minutes() -> u64 {
    600
}

impl std::fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Without the password: configurations are logged at the start.
        f.debug_struct("SmtpConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("username", &self.username)
            .field("authority", &self.authority)
            .field("timeout_seconds", &self.timeout_seconds)
            .finish_non_exhaustive()
    }
}

/// How the connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// The connection is encrypted after `STARTTLS`; without it nothing is sent.
    #[default]
    Starttls,
    /// Encrypted from the first byte.
    Implicit,
    /// In the clear: to a loopback address alone.
    None,
}
