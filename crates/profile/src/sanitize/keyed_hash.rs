//! SipHash-2-4 with 64 bits: a keyed hash for short text (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012).
//!
//! Without the key a hash neither tells its text nor can be looked for by hashing guesses, which a hash without a key
//! would allow for host names. `std` has the algorithm only for tables, without a promise of which it is.

/// A key of 128 bits.
pub type Key = [u8; 16];

/// The hash of `bytes` under `key`.
pub(super) fn keyed_hash(key: &Key, bytes: &[u8]) -> u64 {
    let (low, high) = key.split_at(8);
    let [k0, k1] = [word(low), word(high)];
    let mut state = [
        k0 ^ 0x736f_6d65_7073_6575,
        k1 ^ 0x646f_7261_6e64_6f6d,
        k0 ^ 0x6c79_6765_6e65_7261,
        k1 ^ 0x7465_6462_7974_6573,
    ];
    let mut words = bytes.chunks_exact(8);
    for chunk in &mut words {
        absorb(&mut state, word(chunk));
    }
    // The last word holds what is left and, in its top byte, the length modulo 256.
    absorb(&mut state, word(words.remainder()) | (bytes.len() as u64) << 56);
    state[2] ^= 0xff;
    (0..4).for_each(|_| round(&mut state));
    state.iter().fold(0, |all, part| all ^ part)
}

/// Up to eight bytes, the lowest first.
fn word(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

fn absorb(state: &mut [u64; 4], word: u64) {
    state[3] ^= word;
    round(state);
    round(state);
    state[0] ^= word;
}

fn round(v: &mut [u64; 4]) {
    v[0] = v[0].wrapping_add(v[1]);
    v[1] = v[1].rotate_left(13) ^ v[0];
    v[0] = v[0].rotate_left(32);
    v[2] = v[2].wrapping_add(v[3]);
    v[3] = v[3].rotate_left(16) ^ v[2];
    v[0] = v[0].wrapping_add(v[3]);
    v[3] = v[3].rotate_left(21) ^ v[0];
    v[2] = v[2].wrapping_add(v[1]);
    v[1] = v[1].rotate_left(17) ^ v[2];
    v[2] = v[2].rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_paper() {
        let key: Key = std::array::from_fn(|i| i as u8);
        let text: Vec<u8> = (0..15).collect();
        assert_eq!(keyed_hash(&key, &text), 0xa129_ca61_49be_45e5);
        assert_eq!(keyed_hash(&key, &[]), 0x726f_db47_dd0e_0e31);
    }
}
