//! Variable-length integers: seven bits a byte, lowest first, the top bit set on all but the last (LEB128, as in
//! protobuf). Signed ones are zigzag-coded first, so that small magnitudes stay short.
//!
//! The two hottest readers have loops of their own: pprof's wire format, which says where it failed, and the packed
//! columns of the wire crate. JFR's integers are of at most nine bytes and Austin's begin with a sign: other encodings.

/// Appends an unsigned number.
pub fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// The number at the start of `bytes`, and what follows it. `None` when it has no end within ten bytes; bits beyond the
/// 64th are dropped, as other readers do.
pub fn split(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (i, &byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte < 0x80 {
            return Some((value, &bytes[i + 1..]));
        }
    }
    None
}

/// A small magnitude of either sign as a small number.
pub fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// The inverse of [`zigzag`].
pub fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_varints_of_every_length() {
        for shift in 0..64 {
            for value in [1u64 << shift, (1u64 << shift) - 1, u64::MAX >> shift] {
                let mut bytes = Vec::new();
                put(&mut bytes, value);
                bytes.push(7);
                assert_eq!(split(&bytes), Some((value, &[7][..])));
                assert_eq!(zigzag(unzigzag(value)), value);
            }
        }
    }

    #[test]
    fn rejects_unterminated_varints() {
        assert_eq!(split(&[]), None);
        assert_eq!(split(&[0x80, 0x80]), None);
        assert_eq!(split(&[0x80; 20]), None);
    }
}
