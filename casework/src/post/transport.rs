//! How a letter leaves the house.

use super::{
    config::{MailConfig, TransportConfig},
    message::message,
    smtp::{Failure, Smtp},
};
use crate::entities::outbox;
use lettre::message::Mailbox;
use std::time::Duration;

/// What went wrong with the configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The configuration cannot be used.
    #[error("mail configuration: {0}")]
    Configuration(String),
}

/// A means to send letters.
pub struct Transport {
    from: Mailbox,
    means: Means,
}

enum Means {
    Capture,
    Smtp(Box<Smtp>),
}

/// What was sent.
pub(crate) enum Sent {
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
        let from = config.from.parse().map_err(|error| {
            TransportError::Configuration(format!("sender {:?}: {error}", config.from))
        })?;
        let means = match &config.transport {
            TransportConfig::Capture => Means::Capture,
            TransportConfig::Smtp(smtp) => {
                let smtp = Smtp::new(smtp).map_err(TransportError::Configuration)?;
                Means::Smtp(Box::new(smtp))
            }
        };
        Ok(Self { from, means })
    }

    /// The longest that handing one message over can take, from DATA to the answer.
    pub(crate) fn handing_over(&self) -> Duration {
        match &self.means {
            Means::Capture => Duration::ZERO,
            Means::Smtp(smtp) => smtp.limits().handing_over(),
        }
    }

    /// Whether letters outside ASCII are taken before the `@`, as far as is known.
    pub(crate) fn takes_utf8(&self) -> bool {
        match &self.means {
            Means::Capture => true,
            Means::Smtp(smtp) => smtp.takes_utf8(),
        }
    }

    /// Learns what the server offers.
    pub(crate) async fn meet(&self) {
        if let Means::Smtp(smtp) = &self.means
            && let Err(failure) = smtp.meet().await
        {
            tracing::warn!(?failure, "the mail server cannot be reached");
        }
    }

    /// Sends one letter. `fence` is awaited right before the message is handed over; if it answers
    /// no, the message is not.
    pub(crate) async fn send(
        &self,
        row: &outbox::Model,
        fence: impl Future<Output = bool>,
    ) -> Result<Sent, Failure> {
        let message = message(&self.from, row).map_err(Failure::Never)?;
        match &self.means {
            Means::Capture => Ok(Sent::Captured(
                String::from_utf8_lossy(&message.formatted()).into_owned(),
            )),
            Means::Smtp(smtp) => {
                let envelope = message.envelope().clone();
                smtp.send(&envelope, &message.formatted(), fence).await?;
                Ok(Sent::BySmtp)
            }
        }
    }
}
