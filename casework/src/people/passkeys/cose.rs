//! Public keys as authenticators encode them: COSE keys (RFC 9052, 7) in the canonical CBOR of CTAP2,
//! which has one encoding for each. Kept so that a signature can be verified by anybody, with or
//! without the library of today.

use crate::{Error, Result};
use webauthn_rs::prelude::{COSEKey, COSEKeyType, ECDSACurve, EDDSACurve};

/// Types of keys and the labels of their parts (RFC 9053, 7; RFC 8230, 4).
const KTY: i64 = 1;
const ALG: i64 = 3;
const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;

/// The key in canonical CBOR.
///
/// # Errors
/// When the key is of a kind that no authenticator makes.
pub(super) fn encoded(key: &COSEKey) -> Result<Vec<u8>> {
    let algorithm = key.type_ as i64;
    let mut cbor = Vec::new();
    match &key.key {
        COSEKeyType::EC_EC2(ec) => {
            let curve = match ec.curve {
                ECDSACurve::SECP256R1 => 1,
                ECDSACurve::SECP384R1 => 2,
                ECDSACurve::SECP521R1 => 3,
            };
            map(&mut cbor, 5);
            numbers(&mut cbor, &[(KTY, EC2), (ALG, algorithm), (-1, curve)]);
            bytes(&mut cbor, -2, ec.x.as_ref());
            bytes(&mut cbor, -3, ec.y.as_ref());
        }
        COSEKeyType::EC_OKP(okp) => {
            let curve = match okp.curve {
                EDDSACurve::ED25519 => 6,
                EDDSACurve::ED448 => 7,
            };
            map(&mut cbor, 4);
            numbers(&mut cbor, &[(KTY, OKP), (ALG, algorithm), (-1, curve)]);
            bytes(&mut cbor, -2, okp.x.as_ref());
        }
        COSEKeyType::RSA(rsa) => {
            map(&mut cbor, 4);
            numbers(&mut cbor, &[(KTY, RSA), (ALG, algorithm)]);
            bytes(&mut cbor, -1, rsa.n.as_ref());
            bytes(&mut cbor, -2, rsa.e.as_ref());
        }
        #[allow(unreachable_patterns, reason = "kinds that the library may learn")]
        _ => return Err(Error::unavailable("a passkey of a kind that is not known")),
    }
    Ok(cbor)
}

fn head(cbor: &mut Vec<u8>, major: u8, value: u64) {
    let major = major << 5;
    match (u8::try_from(value), u16::try_from(value)) {
        (Ok(small @ 0..24), _) => cbor.push(major | small),
        (Ok(byte), _) => cbor.extend([major | 24, byte]),
        (_, Ok(short)) => {
            cbor.push(major | 25);
            cbor.extend(short.to_be_bytes());
        }
        _ => {
            cbor.push(major | 27);
            cbor.extend(value.to_be_bytes());
        }
    }
}

fn map(cbor: &mut Vec<u8>, pairs: u64) {
    head(cbor, 5, pairs);
}

fn number(cbor: &mut Vec<u8>, value: i64) {
    match u64::try_from(value) {
        Ok(value) => head(cbor, 0, value),
        Err(_) => head(cbor, 1, (-1 - value).unsigned_abs()),
    }
}

fn numbers(cbor: &mut Vec<u8>, pairs: &[(i64, i64)]) {
    for (label, value) in pairs {
        number(cbor, *label);
        number(cbor, *value);
    }
}

fn bytes(cbor: &mut Vec<u8>, label: i64, value: &[u8]) {
    number(cbor, label);
    head(cbor, 2, u64::try_from(value.len()).unwrap_or(u64::MAX));
    cbor.extend(value);
}
