//! The id in a share's link: a capability of 160 random bits, 32 characters of Crockford's base 32.
//!
//! The records keep its SHA-256 only. What is not of this shape is looked up like everything else, under a hash that nothing
//! has, so that a wrong link costs the same and answers the same whatever is wrong with it.

use crate::db::id::{base32, random_bytes};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// Characters of an id.
const LENGTH: usize = 32;

/// The id of a link. Not shown by `Debug`.
#[derive(Clone, Debug)]
pub struct LinkId(SecretString);

impl LinkId {
    /// A new one.
    pub(crate) fn random() -> LinkId {
        LinkId(SecretString::from(base32(&random_bytes::<20>())))
    }

    /// As it stands in a link; to be told to whoever made it, once.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What the records know it by.
    pub(crate) fn hash(&self) -> String {
        hash_of(self.expose())
    }
}

/// What the records would know a link's text by. Text of another shape hashes to what no link has.
pub(crate) fn hash_of(text: &str) -> String {
    let well_formed = text.len() == LENGTH && text.bytes().all(is_digit);
    let mut hash = Sha256::new();
    hash.update(if well_formed { text.as_bytes() } else { b"not a link" });
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Digits and small letters but i, l, o, u.
fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || (byte.is_ascii_lowercase() && !matches!(byte, b'i' | b'l' | b'o' | b'u'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_of_one_shape_and_known_by_their_hash() {
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
    fn other_shapes_are_all_the_same() {
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
