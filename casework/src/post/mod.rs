//! Mail: letters are written into the outbox with the change that causes them, and sent by a
//! worker afterwards.

pub mod admin_mail;
pub mod demo_mail;
mod letter;
mod outbox;
mod parts;
mod retry_mail;
mod transport;
mod worker;

pub use letter::{Button, Letter, Quote, Rendered};
pub(crate) use outbox::put;
pub use outbox::{Addressee, MailState};
pub use parts::{Parts, parts};
pub use retry_mail::retry_mail;
pub use transport::{MailConfig, SmtpConfig, Tls, Transport, TransportConfig, TransportError};
pub use worker::{Pace, Worker};
