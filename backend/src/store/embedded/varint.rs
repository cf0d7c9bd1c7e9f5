//! Varints of the embedded store: front-to-back reading, with lengths that can be trusted. The encoding itself is
//! [`flarepath_profile::varint`].

use crate::store::StoreError;
pub(crate) use flarepath_profile::varint::{put, zigzag};
use flarepath_profile::varint::{split, unzigzag};

/// Stored bytes that do not decode. Becomes [`StoreError::Corrupt`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Damaged(pub(crate) &'static str);

impl From<Damaged> for StoreError {
    fn from(damaged: Damaged) -> Self {
        StoreError::Corrupt(format!(
            "{damaged}; restore the data directory from a backup or start with an empty one"
        ))
    }
}

/// Appends a signed number.
pub(crate) fn put_signed(out: &mut Vec<u8>, value: i64) {
    put(out, zigzag(value));
}

/// Appends a text: its length in bytes, then the bytes.
pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Reads numbers from bytes, front to back.
#[derive(Clone)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes }
    }

    /// Passes over so many numbers.
    pub(crate) fn skip(&mut self, numbers: usize) -> Result<(), Damaged> {
        let (mut left, mut at) = (numbers, 0);
        while left > 0 {
            let byte = *self.bytes.get(at).ok_or(Damaged("a number is not terminated"))?;
            left -= usize::from(byte < 0x80);
            at += 1;
        }
        self.bytes = &self.bytes[at..];
        Ok(())
    }

    /// An unsigned number.
    #[inline]
    pub(crate) fn number(&mut self) -> Result<u64, Damaged> {
        match self.bytes {
            [first, rest @ ..] if *first < 0x80 => {
                self.bytes = rest;
                Ok(u64::from(*first))
            }
            _ => self.long_number(),
        }
    }

    fn long_number(&mut self) -> Result<u64, Damaged> {
        let (value, rest) = split(self.bytes).ok_or(Damaged("a number is not terminated"))?;
        self.bytes = rest;
        Ok(value)
    }

    /// A signed number.
    #[inline]
    pub(crate) fn signed(&mut self) -> Result<i64, Damaged> {
        self.number().map(unzigzag)
    }

    /// A number that must fit 32 bits.
    #[inline]
    pub(crate) fn index(&mut self) -> Result<u32, Damaged> {
        u32::try_from(self.number()?).map_err(|_| Damaged("an index is out of range"))
    }

    /// How many items follow, each at least `least` bytes long: more than the bytes could hold is damage,
    /// so that a length can be trusted for an allocation.
    pub(crate) fn count(&mut self, least: usize) -> Result<usize, Damaged> {
        let count = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        if count.saturating_mul(least) > self.bytes.len() {
            return Err(Damaged("a length is larger than what follows"));
        }
        Ok(count)
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, Damaged> {
        let length = self.count(1)?;
        let (text, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        std::str::from_utf8(text).map_err(|_| Damaged("a text is not UTF-8"))
    }

    /// All bytes not read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let numbers = [0, 1, -1, 63, -64, 64, 300, i64::MAX, i64::MIN];
        let mut bytes = Vec::new();
        for n in numbers {
            put_signed(&mut bytes, n);
            put(&mut bytes, n as u64);
        }
        put_text(&mut bytes, "größe");
        let mut reader = Reader::new(&bytes);
        for n in numbers {
            assert_eq!(reader.signed(), Ok(n));
            assert_eq!(reader.number(), Ok(n as u64));
        }
        assert_eq!(reader.text(), Ok("größe"));
        assert!(reader.rest().is_empty());
        assert!(reader.number().is_err());
    }

    #[test]
    fn refuses_endless_numbers_and_lying_lengths() {
        assert!(Reader::new(&[0x80; 20]).number().is_err());
        assert!(Reader::new(&[200, 1, 0]).count(1).is_err());
        assert!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0xff, 1]).index().is_err());
    }
}
