//! Whether a web address that a developer gives is public and answers.

use async_trait::async_trait;

/// Checks an address on the web.
#[async_trait]
pub trait LinkChecker: Send + Sync {
    /// Nothing if the address is public and answers; else what is wrong with it and how to mend
    /// it, as the end of a sentence ("this address asks for a sign-in; it must be public").
    async fn problem(&self, address: &str) -> Option<String>;
}
