//! Letters that hold a link which signs someone in lie sealed in the outbox, so that whoever reads
//! the database, or a copy of it, cannot use the link before its reader does.
//!
//! Sealed is the text under ChaCha20-Poly1305, with a key made of the desk's secret, bound to the
//! letter's id. A desk with another secret cannot open it, and gives the letter up.

use crate::{Desk, Error, Result, entities::outbox};
use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;
use uuid::Uuid;

/// What sealed text begins with.
const MARK: &str = "sealed1:";

fn key(desk: &Desk) -> Result<LessSafeKey> {
    let mut mac = Hmac::<Sha256>::new_from_slice(desk.secret.as_bytes())
        .map_err(|error| Error::unavailable(error.to_string()))?;
    mac.update(b"upgrade-desk outbox, sealed letters, 1");
    let key = UnboundKey::new(&CHACHA20_POLY1305, &mac.finalize().into_bytes())
        .map_err(|error| Error::unavailable(error.to_string()))?;
    Ok(LessSafeKey::new(key))
}

/// The text sealed for the letter of this id.
///
/// # Errors
/// None for texts of less than 256 GiB.
pub(crate) fn seal(desk: &Desk, letter: Uuid, text: &str) -> Result<String> {
    let nonce: [u8; NONCE_LEN] = rand::rng().random();
    let mut bytes = text.as_bytes().to_vec();
    key(desk)?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(letter.as_bytes()),
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
    let bytes = hex::decode(sealed).ok()?;
    let (nonce, body) = bytes.split_first_chunk::<NONCE_LEN>()?;
    let mut body = body.to_vec();
    let plain = key(desk)
        .ok()?
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(letter.as_bytes()),
            &mut body,
        )
        .ok()?;
    String::from_utf8(plain.to_vec()).ok()
}
