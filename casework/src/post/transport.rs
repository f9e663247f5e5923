//! How a letter leaves the house.

use crate::entities::outbox;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
    transport::smtp::{
        AsyncSmtpTransportBuilder, Error as SmtpError,
        authentication::Credentials,
        client::{Certificate, Tls as SmtpTls, TlsParameters},
    },
};
use serde::Deserialize;
use std::{
    net::IpAddr,
    path::PathBuf,
    sync::{PoisonError, RwLock},
    time::{Duration, SystemTime},
};

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
    /// How long one exchange with the server may take, in seconds.
    #[serde(default = "thirty")]
    pub timeout_seconds: u64,
}

const fn thirty() -> u64 {
    30
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

/// What went wrong with one letter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The configuration cannot be used.
    #[error("mail configuration: {0}")]
    Configuration(String),
    /// The server refused for good (5xx), or the letter cannot be a mail at all.
    #[error("{0}")]
    Permanent(String),
    /// Another attempt may succeed: 4xx, no connection, no answer in time.
    #[error("{0}")]
    Transient(String),
}

/// A means to send letters.
pub struct Transport {
    from: Mailbox,
    means: Means,
}

#[allow(
    clippy::large_enum_variant,
    reason = "a process has one of these, so its size matters to nobody"
)]
enum Means {
    Capture,
    Smtp {
        /// Replaced whole once a connection of it has failed: whatever else lies in that pool is
        /// dead too, and to find out would cost the next letter its time.
        pooled: RwLock<AsyncSmtpTransport<Tokio1Executor>>,
        builder: AsyncSmtpTransportBuilder,
        timeout: Duration,
    },
}

/// What was sent.
pub(super) enum Sent {
    BySmtp,
    /// The whole message, to be kept with the row's new state in one transaction.
    Captured(String),
}

impl Transport {
    /// From the configuration.
    ///
    /// # Errors
    /// [`TransportError::Configuration`] when it cannot be used, e.g. no TLS to a far server.
    pub fn new(config: &MailConfig) -> Result<Self, TransportError> {
        let from = config
            .from
            .parse()
            .map_err(|error| configuration(format!("sender {:?}: {error}", config.from)))?;
        let means = match &config.transport {
            TransportConfig::Capture => Means::Capture,
            TransportConfig::Smtp(smtp) => {
                let builder = builder(smtp)?;
                Means::Smtp {
                    pooled: RwLock::new(builder.clone().build()),
                    builder,
                    timeout: Duration::from_secs(smtp.timeout_seconds.max(1)),
                }
            }
        };
        Ok(Self { from, means })
    }

    /// The longest that sending one letter can take, both attempts together.
    pub(super) fn longest(&self) -> Duration {
        match &self.means {
            Means::Capture => Duration::ZERO,
            Means::Smtp { timeout, .. } => *timeout * 2,
        }
    }

    /// Sends one letter. A connection from the pool that the server has closed in the meantime
    /// costs no attempt: the letter is sent once more over a fresh one.
    pub(super) async fn send(&self, row: &outbox::Model) -> Result<Sent, TransportError> {
        let message = message(&self.from, row)?;
        match &self.means {
            Means::Capture => Ok(Sent::Captured(
                String::from_utf8_lossy(&message.formatted()).into_owned(),
            )),
            Means::Smtp {
                pooled,
                builder,
                timeout,
            } => {
                let envelope = message.envelope().clone();
                let bytes = message.formatted();
                let current = pooled
                    .read()
                    .unwrap_or_else(PoisonError::into_inner)
                    .clone();
                let outcome = within(*timeout, current.send_raw(&envelope, &bytes)).await;
                let renewed = || {
                    let fresh: AsyncSmtpTransport<Tokio1Executor> = builder.clone().build();
                    pooled
                        .write()
                        .unwrap_or_else(PoisonError::into_inner)
                        .clone_from(&fresh);
                    fresh
                };
                match outcome {
                    Err(Failure::Connection(_)) => {
                        within(*timeout, renewed().send_raw(&envelope, &bytes)).await
                    }
                    // Not again at once: the letter may have been taken in.
                    Err(Failure::TimedOut) => {
                        renewed();
                        Err(Failure::TimedOut)
                    }
                    outcome => outcome,
                }
                .map(|()| Sent::BySmtp)
                .map_err(Failure::into_error)
            }
        }
    }
}

/// Why one attempt failed.
enum Failure {
    /// No connection, or it broke.
    Connection(String),
    TimedOut,
    Answered {
        permanent: bool,
        text: String,
    },
}

impl Failure {
    fn into_error(self) -> TransportError {
        match self {
            Self::Connection(text) => TransportError::Transient(text),
            Self::TimedOut => {
                TransportError::Transient("the mail server did not answer in time".to_owned())
            }
            Self::Answered {
                permanent: true,
                text,
            } => TransportError::Permanent(text),
            Self::Answered { text, .. } => TransportError::Transient(text),
        }
    }
}

async fn within<T>(
    timeout: Duration,
    sending: impl Future<Output = Result<T, SmtpError>>,
) -> Result<(), Failure> {
    match tokio::time::timeout(timeout, sending).await {
        Err(_) => Err(Failure::TimedOut),
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) if error.is_timeout() => Err(Failure::TimedOut),
        Ok(Err(error)) if error.status().is_some() => Err(Failure::Answered {
            permanent: error.is_permanent(),
            text: whole(&error),
        }),
        Ok(Err(error)) => Err(Failure::Connection(whole(&error))),
    }
}

/// An error with its causes, in one line.
fn whole(error: &SmtpError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    crate::words::one_line(&text).chars().take(500).collect()
}

const fn configuration(text: String) -> TransportError {
    TransportError::Configuration(text)
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn builder(config: &SmtpConfig) -> Result<AsyncSmtpTransportBuilder, TransportError> {
    let parameters = || {
        let mut parameters = TlsParameters::builder(config.host.clone());
        if let Some(path) = &config.authority {
            let pem = std::fs::read(path)
                .map_err(|error| configuration(format!("{}: {error}", path.display())))?;
            let certificate = Certificate::from_pem(&pem)
                .map_err(|error| configuration(format!("{}: {error}", path.display())))?;
            parameters = parameters.add_root_certificate(certificate);
        }
        parameters
            .build()
            .map_err(|error| configuration(error.to_string()))
    };
    let (tls, port) = match config.tls {
        Tls::Starttls => (SmtpTls::Required(parameters()?), 587),
        Tls::Implicit => (SmtpTls::Wrapper(parameters()?), 465),
        Tls::None if is_loopback(&config.host) => (SmtpTls::None, 25),
        Tls::None => {
            return Err(configuration(format!(
                "{}: without TLS mail may go to a loopback address alone",
                config.host
            )));
        }
    };
    let timeout = Duration::from_secs(config.timeout_seconds.max(1));
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(config.host.as_str())
        .port(config.port.unwrap_or(port))
        .tls(tls)
        .timeout(Some(timeout));
    if let (Some(username), Some(password)) = (&config.username, &config.password) {
        builder = builder.credentials(Credentials::new(username.clone(), password.clone()));
    }
    Ok(builder)
}

/// Tells other programs that nobody sits here to read their answer (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

fn message(from: &Mailbox, row: &outbox::Model) -> Result<Message, TransportError> {
    let address: Address = row.to_address.parse().map_err(|error| {
        TransportError::Permanent(format!("the address {:?}: {error}", row.to_address))
    })?;
    let name = (!row.to_name.is_empty()).then(|| row.to_name.clone());
    let written = SystemTime::UNIX_EPOCH
        + Duration::from_micros(u64::try_from(row.created_at).unwrap_or_default());
    Message::builder()
        .message_id(Some(row.message_id.clone()))
        .date(written)
        .from(from.clone())
        .to(Mailbox::new(name, address))
        .subject(row.subject.clone())
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(
            row.text.clone(),
            row.html.clone(),
        ))
        .map_err(|error| TransportError::Permanent(error.to_string()))
}
