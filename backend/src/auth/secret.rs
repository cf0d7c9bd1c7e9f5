//! Random secrets and their stored digests.
//!
//! A secret of 256 random bits cannot be guessed, so one round of SHA-256 is enough to store it; a slow hash would only let
//! strangers load the server. (Passwords need one: see [`super::password`].)

use crate::db::id::{base32, random_bytes};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Characters of a secret: 256 bits, five per character.
const LENGTH: usize = 52;

/// A new random secret.
pub(crate) fn new_secret() -> SecretString {
    base32(&random_bytes::<32>()).into()
}

/// SHA-256 in hexadecimal: what is stored of a secret.
pub fn digest(secret: &SecretString) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(secret.expose_secret().as_bytes()) {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// Whether it has the format of [`new_secret`]; anything else need not be looked up.
pub(crate) fn is_well_formed(secret: &SecretString) -> bool {
    let text = secret.expose_secret();
    text.len() == LENGTH && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_unique_and_stored_as_sha_256() {
        let (one, other) = (new_secret(), new_secret());
        assert_ne!(one.expose_secret(), other.expose_secret());
        assert!(is_well_formed(&one) && !is_well_formed(&"x".into()));
        // FIPS 180-2, appendix B.1
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest(&"abc".into()), abc);
    }
}
