//! Share links: a capability of 160 random bits, 32 characters of Crockford's base 32.
//!
//! The records store its SHA-256 only. Malformed ids are looked up as well, under a hash that no link has, so that all invalid
//! links cost the same and get the same answer.

use crate::db::id::{base32, random_bytes};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// Characters of an id.
const LENGTH: usize = 32;

/// The id of a link. Not shown by `Debug`.
#[derive(Clone, Debug)]
pub struct LinkId(SecretString);

impl LinkId {
    /// A new random id.
    pub(crate) fn random() -> LinkId {
        LinkId(SecretString::from(base32(&random_bytes::<20>())))
    }

    /// The text in the link, shown to the creator once.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The stored hash.
    pub(crate) fn hash(&self) -> String {
        hash_of(self.expose())
    }
}

/// The stored hash of a link's text. Malformed text hashes to a value that no link has.
pub(crate) fn hash_of(text: &str) -> String {
    let well_formed = text.len() == LENGTH && text.bytes().all(is_digit);
    let mut hash = Sha256::new();
    hash.update(if well_formed { text.as_bytes() } else { b"not a link" });
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Digits and lower-case letters except i, l, o, u.
fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || (byte.is_ascii_lowercase() && !matches!(byte, b'i' | b'l' | b'o' | b'u'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_well_formed_and_stored_as_hash() {
        let (one, other) = (LinkId::random(), LinkId::random());
        assert_eq!(one.expose().len(), LENGTH);
        assert!(one.expose().bytes().all(is_digit));
        assert_ne!(one.expose(), other.expose());
        assert_eq!(one.hash(), hash_of(one.expose()));
        assert!(!format!("{one:?}").contains(one.expose()));
        // SHA-256 of "abc" is in FIPS 180-4; here the 32 characters of an id.
        assert_eq!(one.hash().len(), 64);
    }

    #[test]
    fn malformed_ids_share_one_hash() {
        let wrong = hash_of("");
        for text in
            [":key", "{id}", "%00", "\0", "*", "ABCDEFGHJKMNPQRSTVWXYZ0123456789", &"0".repeat(33), "ü"]
        {
            assert_eq!(hash_of(text), wrong, "{text}");
        }
        assert_ne!(hash_of(&"0".repeat(32)), wrong);
        assert_eq!(hash_of(&"i".repeat(32)), wrong);
    }
}
