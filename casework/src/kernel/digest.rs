//! Hashes and secrets: the one way to make each.

use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use sha2::Sha256;

/// SHA-256 in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    trail::sha256(bytes)
}

/// `N` random bytes in lower-case hexadecimal, from the generator that cryptography may use.
pub fn random<const N: usize>() -> String {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// HMAC-SHA-256 of these parts, in order, under a secret, in lower-case hexadecimal.
pub fn code(secret: &str, parts: &[&str]) -> String {
    // With its length before each, so that no two lists of parts read the same.
    let whole: Vec<u8> = parts
        .iter()
        .flat_map(|part| [&part.len().to_be_bytes()[..], part.as_bytes()].concat())
        .collect();
    hmac(secret, &whole)
}

/// HMAC-SHA-256 of some bytes under a secret, in lower-case hexadecimal.
pub fn hmac(secret: &str, bytes: &[u8]) -> String {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(bytes);
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_that_of_the_standard() {
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_code_tells_where_its_parts_end() {
        assert_ne!(code("key", &["ab", "c"]), code("key", &["a", "bc"]));
        assert_ne!(code("key", &["a"]), code("other", &["a"]));
    }

    #[test]
    fn no_secret_is_made_twice() {
        let made: std::collections::BTreeSet<String> = (0..1_000).map(|_| random::<16>()).collect();
        assert_eq!(made.len(), 1_000);
        assert!(made.iter().all(|secret| secret.len() == 32));
    }
}
