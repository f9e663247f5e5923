//! Signatures by passkeys (WebAuthn): the challenge is the hash of what is signed, so the answer of the
//! authenticator proves itself to whoever has the text and the public key, and needs nothing of ours.

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Where the flags stand in what an authenticator says, behind the hash of the site's name.
const FLAGS: usize = 32;
/// The holder touched it, and it made sure who that is.
const PRESENT_AND_VERIFIED: u8 = 0x01 | 0x04;
/// Several devices of the holder may have the same key.
const SYNCABLE: u8 = 0x08;

/// An answer of an authenticator, with the key that it is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// A COSE key (RFC 9052, 7) in the canonical CBOR of CTAP2.
    pub public_key: Vec<u8>,
    pub authenticator_data: Vec<u8>,
    /// JSON, as the browser wrote it.
    pub client_data: Vec<u8>,
    pub signature: Vec<u8>,
}

/// What a sound answer says besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The address that the browser showed.
    pub origin: String,
    /// How often the key was used, as the authenticator counts.
    pub counter: u32,
    /// Whether several devices may have the key; then each counts for itself.
    pub syncable: bool,
}

/// Why an answer proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    #[error("cannot be read")]
    Malformed,
    #[error("is the answer to another challenge")]
    Challenge,
    #[error("was given on another site")]
    Site,
    #[error("does not say that the holder was verified")]
    Holder,
    #[error("was not made with this key")]
    Signature,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// What the holder of a passkey is asked to sign for this text, as it stands in the browser's JSON.
pub fn challenge(text: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

impl Assertion {
    /// Holds the answer against the text that is said to be signed (WebAuthn, 7.2). The counter is
    /// left to whoever knows the one before.
    ///
    /// # Errors
    /// Why it proves nothing.
    pub fn verify(&self, text: &str) -> Result<Said, Doubt> {
        let client: ClientData =
            serde_json::from_slice(&self.client_data).map_err(|_| Doubt::Malformed)?;
        if client.r#type != "webauthn.get" || client.challenge != challenge(text) {
            return Err(Doubt::Challenge);
        }
        let data = self.authenticator_data.as_slice();
        let (site, rest) = data.split_at_checked(FLAGS).ok_or(Doubt::Malformed)?;
        let [flags, counter @ ..] = rest.first_chunk::<5>().ok_or(Doubt::Malformed)?;
        let name = host(&client.origin).ok_or(Doubt::Site)?;
        if client.cross_origin || Sha256::digest(name).as_slice() != site {
            return Err(Doubt::Site);
        }
        if flags & PRESENT_AND_VERIFIED != PRESENT_AND_VERIFIED {
            return Err(Doubt::Holder);
        }
        let mut signed = data.to_vec();
        signed.extend(Sha256::digest(&self.client_data));
        let key = Key::read(&self.public_key).ok_or(Doubt::Malformed)?;
        if !key.made(&signed, &self.signature) {
            return Err(Doubt::Signature);
        }
        Ok(Said {
            origin: client.origin,
            counter: u32::from_be_bytes(*counter),
            syncable: flags & SYNCABLE != 0,
        })
    }
}

/// The name in an address, which passkeys of ours are bound to as a whole.
fn host(origin: &str) -> Option<&str> {
    let (_, rest) = origin.split_once("://")?;
    rest.split([':', '/']).next()
}

/// A public key of a kind that authenticators are asked for.
enum Key<'a> {
    /// On a curve or an Edwards curve: the point.
    Point(&'static dyn VerificationAlgorithm, Vec<u8>),
    Rsa {
        n: &'a [u8],
        e: &'a [u8],
    },
}

impl<'a> Key<'a> {
    /// In the one encoding that each key has; any other is none.
    fn read(mut cbor: &'a [u8]) -> Option<Self> {
        let cbor = &mut cbor;
        let pairs = sized(cbor, 5)?;
        let key = match (pairs, labelled(cbor, 1)?, labelled(cbor, 3)?) {
            (5, 2, -7) if labelled(cbor, -1)? == 1 => {
                Self::Point(&ECDSA_P256_SHA256_ASN1, point(cbor, 32)?)
            }
            (5, 2, -35) if labelled(cbor, -1)? == 2 => {
                Self::Point(&ECDSA_P384_SHA384_ASN1, point(cbor, 48)?)
            }
            (4, 1, -8) if labelled(cbor, -1)? == 6 => {
                Self::Point(&ED25519, bytes(cbor, -2)?.to_vec())
            }
            (4, 3, -257) => Self::Rsa {
                n: bytes(cbor, -1)?,
                e: bytes(cbor, -2)?,
            },
            _ => return None,
        };
        cbor.is_empty().then_some(key)
    }

    fn made(&self, signed: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Point(algorithm, point) => {
                UnparsedPublicKey::new(*algorithm, point).verify(signed, signature)
            }
            Self::Rsa { n, e } => RsaPublicKeyComponents { n, e }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                signed,
                signature,
            ),
        }
        .is_ok()
    }
}

/// Both coordinates of a point, as one writes it whole.
fn point(cbor: &mut &[u8], size: usize) -> Option<Vec<u8>> {
    let (x, y) = (bytes(cbor, -2)?, bytes(cbor, -3)?);
    (x.len() == size && y.len() == size).then(|| [&[4], x, y].concat())
}

/// The number under this label.
fn labelled(cbor: &mut &[u8], label: i64) -> Option<i64> {
    (number(cbor)? == label).then(|| number(cbor))?
}

/// The bytes under this label.
fn bytes<'a>(cbor: &mut &'a [u8], label: i64) -> Option<&'a [u8]> {
    if number(cbor)? != label {
        return None;
    }
    let size = usize::try_from(sized(cbor, 2)?).ok()?;
    let (bytes, rest) = cbor.split_at_checked(size)?;
    *cbor = rest;
    Some(bytes)
}

fn number(cbor: &mut &[u8]) -> Option<i64> {
    let (major, value) = head(cbor)?;
    let value = i64::try_from(value).ok()?;
    match major {
        0 => Some(value),
        1 => Some(-1 - value),
        _ => None,
    }
}

fn sized(cbor: &mut &[u8], kind: u8) -> Option<u64> {
    head(cbor)
        .filter(|(major, _)| *major == kind)
        .map(|it| it.1)
}

/// The head of an item: its major type and its number, in as few bytes as it can be (RFC 8949, 4.2).
fn head(cbor: &mut &[u8]) -> Option<(u8, u64)> {
    let (first, rest) = cbor.split_first()?;
    let (value, rest) = match first & 31 {
        small @ 0..24 => (u64::from(small), rest),
        24 => {
            let (byte, rest) = rest.split_first()?;
            (u64::from(*byte), rest)
        }
        25 => {
            let (two, rest) = rest.split_first_chunk()?;
            (u64::from(u16::from_be_bytes(*two)), rest)
        }
        _ => return None,
    };
    let fewest = match first & 31 {
        24 => 24,
        25 => 256,
        _ => 0,
    };
    *cbor = rest;
    (value >= fewest).then_some((first >> 5, value))
}
