//! What needs the client: each island is one file, compiled for the server and to wasm.

mod autosave;
#[cfg(any(feature = "hydrate", test))]
mod base64url;
mod copy;
mod find_anything;
mod keep_typed;
#[cfg(feature = "hydrate")]
mod listen;
#[cfg(feature = "hydrate")]
mod live;
mod live_case;
mod live_queue;
mod presence;
mod queue_keys;
#[cfg(feature = "hydrate")]
mod queue_list;
mod show_again;
mod similar_answers;
#[cfg(feature = "hydrate")]
mod single_keys;
#[cfg(feature = "hydrate")]
mod typed;
#[cfg(feature = "hydrate")]
mod typed_control;
#[cfg(feature = "hydrate")]
mod typed_notice;
#[cfg(feature = "hydrate")]
mod typed_shelf;
#[cfg(feature = "hydrate")]
mod typed_sign_out;
mod upload;
mod use_passkey;
mod workspace;
#[cfg(feature = "hydrate")]
mod workspace_form;
#[cfg(feature = "hydrate")]
mod workspace_keys;
#[cfg(feature = "hydrate")]
mod workspace_swap;

pub use autosave::Autosave;
pub use copy::CopyButton;
pub use find_anything::FindAnything;
pub use keep_typed::KeepTyped;
pub use live_case::LiveCase;
pub use live_queue::LiveQueue;
pub use presence::Presence;
pub use queue_keys::QueueKeys;
pub use show_again::ShowAgain;
pub use similar_answers::SimilarAnswers;
pub use upload::Upload;
pub use use_passkey::UsePasskey;
pub use workspace::Workspace;
