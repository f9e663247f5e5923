//! Letters that hold a link which signs someone in lie sealed in the outbox, so that whoever reads
//! the database, or a copy of it, cannot use the link before its reader does.
//!
//! Secrets of second factors lie sealed too, under a key of their own.
//!
//! Sealed is the text under ChaCha20-Poly1305, with a key made of the desk's secret, bound to the
//! letter's id (or the person's). A desk with another secret cannot open it, and gives the letter up.

use crate::{Desk, Error, Result, entities::outbox};
use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;
use uuid::Uuid;

/// What sealed text begins with.
const MARK: &str = "sealed1:";

/// What is sealed: each has a key of its own.
#[derive(Clone, Copy, Debug)]
enum What {
    Letter,
    SecondFactor,
}

impl What {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Letter => b"upgrade-desk outbox, sealed letters, 1",
            Self::SecondFactor => b"upgrade-desk second factors, sealed secrets, 1",
        }
    }
}

fn key(desk: &Desk, what: What) -> Result<LessSafeKey> {
    let mut mac = Hmac::<Sha256>::new_from_slice(desk.secret.as_bytes())
        .map_err(|error| Error::unavailable(error.to_string()))?;
    mac.update(what.label());
    let key = UnboundKey::new(&CHACHA20_POLY1305, &mac.finalize().into_bytes())
        .map_err(|error| Error::unavailable(error.to_string()))?;
    Ok(LessSafeKey::new(key))
}

/// The text sealed for the letter of this id.
///
/// # Errors
/// None for texts of less than 256 GiB.
pub(crate) fn seal(desk: &Desk, letter: Uuid, text: &str) -> Result<String> {
    seal_as(desk, What::Letter, letter, text)
}

/// The secret of a person's second factor, sealed.
///
/// # Errors
/// As [`seal`].
pub(crate) fn seal_second_factor(desk: &Desk, person: Uuid, secret: &str) -> Result<String> {
    seal_as(desk, What::SecondFactor, person, secret)
}

/// The reverse of [`seal_second_factor`]; none where it was sealed under another secret.
pub(crate) fn open_second_factor(desk: &Desk, person: Uuid, sealed: &str) -> Option<String> {
    open_as(desk, What::SecondFactor, person, sealed.strip_prefix(MARK)?)
}

fn seal_as(desk: &Desk, what: What, id: Uuid, text: &str) -> Result<String> {
    let nonce: [u8; NONCE_LEN] = rand::rng().random();
    let mut bytes = text.as_bytes().to_vec();
    key(desk, what)?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(id.as_bytes()),
            &mut bytes,
        )
        .map_err(|error| Error::unavailable(error.to_string()))?;
    Ok(format!(
        "{MARK}{}{}",
        hex::encode(nonce),
        hex::encode(bytes)
    ))
}

/// A letter with its text in the clear; none where it was sealed under another secret.
pub fn opened(desk: &Desk, row: outbox::Model) -> Option<outbox::Model> {
    let text = open(desk, row.id, &row.text)?;
    let html = open(desk, row.id, &row.html)?;
    Some(outbox::Model { text, html, ..row })
}

/// The text of the letter of this id: opened where it is sealed, as it is where it is not; none
/// where it cannot be opened.
fn open(desk: &Desk, letter: Uuid, text: &str) -> Option<String> {
    let Some(sealed) = text.strip_prefix(MARK) else {
        return Some(text.to_owned());
    };
    open_as(desk, What::Letter, letter, sealed)
}

fn open_as(desk: &Desk, what: What, id: Uuid, sealed: &str) -> Option<String> {
    let bytes = hex::decode(sealed).ok()?;
    let (nonce, body) = bytes.split_first_chunk::<NONCE_LEN>()?;
    let mut body = body.to_vec();
    let plain = key(desk, what)
        .ok()?
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(id.as_bytes()),
            &mut body,
        )
        .ok()?;
    String::from_utf8(plain.to_vec()).ok()
}
