//! What needs the client: each island is one file, compiled for the server and to wasm.

mod autosave;
#[cfg(any(feature = "hydrate", test))]
mod base64url;
mod copy;
#[cfg(feature = "hydrate")]
mod listen;
mod presence;
mod queue_keys;
mod similar_answers;
mod use_passkey;

pub use autosave::Autosave;
pub use copy::CopyButton;
pub use presence::Presence;
pub use queue_keys::QueueKeys;
pub use similar_answers::SimilarAnswers;
pub use use_passkey::UsePasskey;
