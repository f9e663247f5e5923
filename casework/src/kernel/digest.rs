//! Hashes and secrets: the one way to make each.

use rand::Rng;

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
    fn no_secret_is_made_twice() {
        let made: std::collections::BTreeSet<String> = (0..1_000).map(|_| random::<16>()).collect();
        assert_eq!(made.len(), 1_000);
        assert!(made.iter().all(|secret| secret.len() == 32));
    }
}
