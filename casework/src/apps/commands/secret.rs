//! Client secrets: shown once, stored as a hash.

use rand::Rng;
use sha2::{Digest, Sha256};

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
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self(hex::encode(bytes))
    }

    /// The text, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored. A plain hash suffices: 256 random bits cannot be guessed.
    pub(crate) fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
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
    let mut bytes = [0; 16];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}
