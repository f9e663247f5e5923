//! Client secrets: shown once, stored as a hash.

use crate::digest;

/// A client secret on its only way to its owner.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// A new one of 256 random bits, in lower-case hexadecimal.
    pub(crate) fn generate() -> Self {
        Self(digest::random::<32>())
    }

    /// The text, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored. A plain hash suffices: 256 random bits cannot be guessed.
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
