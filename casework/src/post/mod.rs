//! Mail: letters are written into the outbox with the change that causes them, and sent by a
//! worker afterwards ([`crate::dispatch`]).

pub mod admin_mail;
mod config;
pub mod demo_mail;
pub(crate) mod digest;
pub(crate) mod held;
pub mod inbox;
mod kind;
mod letter;
mod message;
pub(crate) mod outbox;
mod parts;
mod retry_mail;
mod seal;
mod smtp;
mod topic;
mod transport;
mod way;

pub use config::{MailConfig, SmtpConfig, Tls, TransportConfig};
pub use kind::{LetterKind, Must};
pub use letter::{Button, Letter, Quote, Rendered};
pub use outbox::MailState;
pub(crate) use outbox::{About, Addressee, put};
pub use parts::{Parts, parts};
pub use retry_mail::{RetryMailInput, retry_mail};
pub use seal::opened;
pub(crate) use seal::{open_second_factor, seal_second_factor};
pub(crate) use smtp::Failure;
pub use topic::{Always, Topic};
pub(crate) use transport::Sent;
pub use transport::{Transport, TransportError};
pub use way::{Way, Ways};
