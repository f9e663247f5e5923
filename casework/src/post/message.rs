//! The message of a letter as it goes over the wire.

use crate::entities::outbox;
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
};
use std::time::{Duration, SystemTime};
use workflow::mailbox::{self, LocalParts};

/// Tells other programs that nobody sits here to read their answer (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The message of a letter, its address with the domain in ASCII; why there can be none.
pub(crate) fn message(from: &Mailbox, row: &outbox::Model) -> Result<Message, String> {
    let to = mailbox::Mailbox::parse(&row.to_address, LocalParts::Any)
        .map_err(|fault| format!("the address: {fault}"))?;
    let address =
        Address::new(to.local(), to.domain()).map_err(|error| format!("the address: {error}"))?;
    let name = (!row.to_name.is_empty()).then(|| row.to_name.clone());
    let written = SystemTime::UNIX_EPOCH
        + Duration::from_micros(u64::try_from(row.created_at).unwrap_or_default());
    Message::builder()
        .message_id(Some(row.message_id.clone()))
        .date(written)
        .from(from.clone())
        .to(Mailbox::new(name, address))
        .subject(row.subject.clone())
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(
            row.text.clone(),
            row.html.clone(),
        ))
        .map_err(|error| error.to_string())
}
