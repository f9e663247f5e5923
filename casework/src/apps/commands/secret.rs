//! Secrets of apps and gateways: shown once, stored as a hash.

use crate::{Desk, Sending, access::queries::DataEnvironment, digest};
use workflow::AppId;

/// A secret on its only way to its owner.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// A new one of 256 bits, in lower-case hexadecimal: of the form that is being carried out, or
    /// random where there is none.
    pub(crate) fn generate(desk: &Desk, what: &str) -> Self {
        match desk.sending() {
            Some(sending) => Self::made_by(desk, sending, what),
            None => Self(digest::random::<32>()),
        }
    }

    /// The one that this form makes for `what`, however often it is sent.
    pub(crate) fn made_by(desk: &Desk, sending: &Sending, what: &str) -> Self {
        Self(sending.derived(desk, what))
    }

    /// The text, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored. A plain hash suffices: 256 bits that nobody knows cannot be guessed.
    pub(crate) fn hash(&self) -> String {
        digest::sha256(self.0.as_bytes())
    }

    /// The last four characters, by which its owner knows it again.
    pub(crate) fn hint(&self) -> String {
        self.0
            .chars()
            .skip(self.0.len().saturating_sub(4))
            .collect()
    }
}

/// A new public client id.
pub(crate) fn client_id() -> String {
    digest::random::<16>()
}

/// For what a client secret is derived of its form.
pub(crate) fn client_secret_of(app: AppId, environment: DataEnvironment) -> String {
    match environment {
        DataEnvironment::Sandbox => format!("client secret of {app}"),
        DataEnvironment::Production => format!("production client secret of {app}"),
    }
}
