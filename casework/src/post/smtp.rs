//! One conversation with a mail server, so told apart that it is known what a failure means: before
//! the message is handed over nothing has been taken in; after it, without an answer, nobody knows.

use super::config::{SmtpConfig, Tls};
use lettre::{
    address::Envelope,
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        commands::{Data, Mail, Quit, Rcpt},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
    },
};
use std::{
    net::IpAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, timeout};

/// How long each part of the conversation may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Until there is a connection.
    pub connect: Duration,
    /// Until the greeting, and for each command.
    pub command: Duration,
    /// From DATA to the server's 354.
    pub begin: Duration,
    /// For a block of the message.
    pub block: Duration,
    /// From the end of the message to the server's answer.
    pub end: Duration,
}

impl Limits {
    /// RFC 5321, 4.5.3.2.
    pub const RFC_5321: Self = Self {
        connect: Duration::from_secs(30),
        command: Duration::from_secs(300),
        begin: Duration::from_secs(120),
        block: Duration::from_secs(180),
        end: Duration::from_secs(600),
    };

    /// None longer than `most`.
    pub fn capped(self, most: Duration) -> Self {
        Self {
            connect: self.connect.min(most),
            command: self.command.min(most),
            begin: self.begin.min(most),
            block: self.block.min(most),
            end: self.end.min(most),
        }
    }

    /// From DATA to the answer at the end.
    pub fn handing_over(self) -> Duration {
        self.begin + self.block + self.end
    }
}

/// Why a letter did not go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No connection, no greeting, no sign-in, no sender taken, or it broke before the message was
    /// handed over: about the server, not about this letter, and nothing was taken in.
    Unreachable(String),
    /// The server has not answered in time, before the message was handed over.
    Slow,
    /// The server refused this letter for now (4xx).
    Later(String),
    /// The server refused this letter for good (5xx), or it cannot be sent through this server.
    Never(String),
    /// The message was handed over, and no answer came: perhaps it was taken in.
    Unanswered(String),
    /// Someone else has the letter now; it was not handed over.
    Lost,
}

/// A mail server.
pub(crate) struct Smtp {
    host: String,
    port: u16,
    tls: Protection,
    credentials: Option<Credentials>,
    limits: Limits,
    /// Open connections between two letters, with the moment since when.
    idle: Mutex<Vec<(Instant, AsyncSmtpConnection)>>,
    /// Whether the server offered SMTPUTF8 when it was met last.
    takes_utf8: AtomicBool,
}

enum Protection {
    Starttls(TlsParameters),
    Implicit(TlsParameters),
    None,
}

/// A connection is used again within this time; servers wait at least five minutes.
const KEPT: Duration = Duration::from_secs(60);

impl Smtp {
    /// From the configuration.
    ///
    /// # Errors
    /// What is wrong with it, e.g. no TLS to a far server.
    pub fn new(config: &SmtpConfig) -> Result<Self, String> {
        let parameters = || {
            let mut parameters = TlsParameters::builder(config.host.clone());
            if let Some(path) = &config.authority {
                let at = |error: String| format!("{}: {error}", path.display());
                let pem = std::fs::read(path).map_err(|error| at(error.to_string()))?;
                let certificate =
                    Certificate::from_pem(&pem).map_err(|error| at(error.to_string()))?;
                parameters = parameters.add_root_certificate(certificate);
            }
            parameters.build().map_err(|error| error.to_string())
        };
        let (tls, port) = match config.tls {
            Tls::Starttls => (Protection::Starttls(parameters()?), 587),
            Tls::Implicit => (Protection::Implicit(parameters()?), 465),
            Tls::None if is_loopback(&config.host) => (Protection::None, 25),
            Tls::None => {
                return Err(format!(
                    "{}: without TLS mail may go to a loopback address alone",
                    config.host
                ));
            }
        };
        let credentials = match (&config.username, &config.password) {
            (Some(username), Some(password)) => {
                Some(Credentials::new(username.clone(), password.clone()))
            }
            _ => None,
        };
        Ok(Self {
            host: config.host.clone(),
            port: config.port.unwrap_or(port),
            tls,
            credentials,
            limits: Limits::RFC_5321.capped(Duration::from_secs(config.timeout_seconds.max(1))),
            idle: Mutex::default(),
            takes_utf8: AtomicBool::new(false),
        })
    }

    /// How long its parts may take.
    pub const fn limits(&self) -> Limits {
        self.limits
    }

    /// Whether the server takes addresses with letters outside ASCII before the `@`, as far as is
    /// known.
    pub fn takes_utf8(&self) -> bool {
        self.takes_utf8.load(Ordering::Relaxed)
    }

    /// Connects, to learn what the server offers; the connection is kept for the first letter.
    pub async fn meet(&self) -> Result<(), Failure> {
        let connection = self.connect().await?;
        self.keep(connection);
        Ok(())
    }

    /// Sends one message. `fence` is awaited right before it is handed over; if it answers no, the
    /// message is not.
    ///
    /// A connection that breaks before that costs nothing: once more over a fresh one.
    pub async fn send(
        &self,
        envelope: &Envelope,
        message: &[u8],
        fence: impl Future<Output = bool>,
    ) -> Result<(), Failure> {
        let mut connection = match self.introduced(envelope, message).await {
            Err(Failure::Unreachable(_)) => {
                self.forget();
                self.introduced(envelope, message).await?
            }
            other => other?,
        };
        if !fence.await {
            self.keep_after_reset(connection).await;
            return Err(Failure::Lost);
        }
        hand_over(&mut connection, message, self.limits).await?;
        self.keep(connection);
        Ok(())
    }

    /// A connection on which sender and recipient have been taken.
    async fn introduced(
        &self,
        envelope: &Envelope,
        message: &[u8],
    ) -> Result<AsyncSmtpConnection, Failure> {
        let mut connection = match self.take_idle() {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        introduce(&mut connection, envelope, message, self.limits).await?;
        Ok(connection)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Failure> {
        let limits = self.limits;
        let hello = ClientId::default();
        let implicit = match &self.tls {
            Protection::Implicit(parameters) => Some(parameters.clone()),
            Protection::Starttls(_) | Protection::None => None,
        };
        let connecting = AsyncSmtpConnection::connect_tokio1(
            (self.host.as_str(), self.port),
            Some(limits.connect),
            &hello,
            implicit,
            None,
        );
        // Connection, greeting and EHLO are one call.
        let mut connection = within(limits.connect + limits.command * 2, connecting)
            .await
            .map_err(about_the_server)?;
        if let Protection::Starttls(parameters) = &self.tls {
            within(
                limits.command,
                connection.starttls(parameters.clone(), &hello),
            )
            .await
            .map_err(about_the_server)?;
        }
        if let Some(credentials) = &self.credentials {
            within(
                limits.command,
                connection.auth(DEFAULT_MECHANISMS, credentials),
            )
            .await
            .map_err(about_the_server)?;
        }
        let offered = connection
            .server_info()
            .supports_feature(Extension::SmtpUtfEight);
        self.takes_utf8.store(offered, Ordering::Relaxed);
        Ok(connection)
    }

    fn take_idle(&self) -> Option<AsyncSmtpConnection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|(since, _)| since.elapsed() < KEPT);
        idle.pop().map(|(_, connection)| connection)
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push((Instant::now(), connection));
    }

    /// Ends a conversation that stopped before the message.
    async fn keep_after_reset(&self, mut connection: AsyncSmtpConnection) {
        let _ended = timeout(self.limits.command, connection.command(Quit)).await;
    }

    /// Where one connection broke, those that lie idle are dead too.
    fn forget(&self) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// MAIL and RCPT.
async fn introduce(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    message: &[u8],
    limits: Limits,
) -> Result<(), Failure> {
    let offers = |feature| connection.server_info().supports_feature(feature);
    let mut options = Vec::new();
    if !envelope.to().iter().all(|to| to.to_string().is_ascii()) {
        if !offers(Extension::SmtpUtfEight) {
            return Err(Failure::Never(
                "the address has letters that this mail server does not take (no SMTPUTF8)"
                    .to_owned(),
            ));
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    if !message.is_ascii() {
        if !offers(Extension::EightBitMime) {
            return Err(Failure::Never(
                "the message has letters that this mail server does not take (no 8BITMIME)"
                    .to_owned(),
            ));
        }
        options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let mail = Mail::new(envelope.from().cloned(), options);
    within(limits.command, connection.command(mail))
        .await
        .map_err(about_the_server)?;
    for to in envelope.to() {
        let rcpt = Rcpt::new(to.clone(), Vec::new());
        within(limits.command, connection.command(rcpt))
            .await
            .map_err(about_the_letter)?;
    }
    Ok(())
}

/// DATA, the message, and the server's answer to it.
async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    message: &[u8],
    limits: Limits,
) -> Result<(), Failure> {
    within(limits.begin, connection.command(Data))
        .await
        .map_err(about_the_letter)?;
    match within(limits.block + limits.end, connection.message(message)).await {
        Ok(_) => Ok(()),
        Err(trouble) => Err(match trouble {
            Trouble::Slow => Failure::Unanswered(
                "the mail server did not say whether it took the message".to_owned(),
            ),
            Trouble::Broken(text) => Failure::Unanswered(text),
            Trouble::Answered { .. } => about_the_letter(trouble),
        }),
    }
}

/// What went wrong with one command.
enum Trouble {
    Slow,
    Broken(String),
    Answered { permanent: bool, text: String },
}

async fn within<T>(
    limit: Duration,
    doing: impl Future<Output = Result<T, SmtpError>>,
) -> Result<T, Trouble> {
    match timeout(limit, doing).await {
        Err(_) => Err(Trouble::Slow),
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) if error.status().is_some() => Err(Trouble::Answered {
            permanent: error.is_permanent(),
            text: whole(&error),
        }),
        Ok(Err(error)) => Err(Trouble::Broken(whole(&error))),
    }
}

fn about_the_server(trouble: Trouble) -> Failure {
    match trouble {
        Trouble::Slow => Failure::Slow,
        Trouble::Broken(text) | Trouble::Answered { text, .. } => Failure::Unreachable(text),
    }
}

fn about_the_letter(trouble: Trouble) -> Failure {
    match trouble {
        Trouble::Slow => Failure::Slow,
        Trouble::Broken(text) => Failure::Unreachable(text),
        Trouble::Answered {
            permanent: true,
            text,
        } => Failure::Never(text),
        Trouble::Answered { text, .. } => Failure::Later(text),
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

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
