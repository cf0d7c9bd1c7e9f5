//! Ids of rows and random secrets.

use rand::RngCore;
use rand::TryRngCore;
use rand::rngs::OsRng;

/// Crockford's base 32, lower case: no i, l, o, u, so that it can be read out.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A new random id of a row: 128 bits, 26 characters.
pub(crate) fn new_id() -> String {
    base32(&random_bytes::<16>())
}

/// Bytes from the system's source of randomness.
///
/// # Panics
/// When the system has none: nothing that needs one may go on then.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.unwrap_err().fill_bytes(&mut bytes);
    bytes
}

/// Bytes as base 32, five bits a character, the last one padded with zeros.
pub(crate) fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut held, mut bits) = (0u32, 0);
    for &byte in bytes {
        held = held << 8 | u32::from(byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(held << (5 - bits) & 31) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_one_shape_and_differ() {
        let (one, other) = (new_id(), new_id());
        assert_eq!(one.len(), 26);
        assert_ne!(one, other);
        assert!(one.bytes().all(|b| ALPHABET.contains(&b)));
        assert_eq!(base32(&[0xff; 20]), "z".repeat(32));
        assert_eq!(base32(&[0]), "00");
    }
}
