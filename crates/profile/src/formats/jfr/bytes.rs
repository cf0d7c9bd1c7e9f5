//! Integers and strings as encoded in a chunk.
//!
//! Integers are either big-endian of fixed width, or (if the chunk's header says so, which it does for every
//! recorder in use) base 128: seven bits a byte, lowest first, a ninth byte whole. Negative numbers take nine
//! bytes. Booleans, bytes and floats are never compressed.

use super::JfrError;
use std::borrow::Cow;

/// What an integer is declared as: its width where integers are not compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Two,
    Four,
    Eight,
}

/// A string as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text<'a> {
    Null,
    /// Spelled out; bytes that are not UTF-8 are repaired when it is interned.
    Bytes(Cow<'a, [u8]>),
    /// In the constant pool of strings.
    Constant(i64),
}

/// Reads the bytes of one chunk from the front. Offsets count from the start of the chunk.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the chunk begins in the file, for messages.
    chunk_start: usize,
    compressed: bool,
}

impl<'a> Cursor<'a> {
    /// At the start of a chunk.
    pub(super) fn new(bytes: &'a [u8], chunk_start: usize, compressed: bool) -> Self {
        Cursor { bytes, at: 0, chunk_start, compressed }
    }

    /// The same chunk, from an offset on; at its end if it is shorter.
    pub(super) fn from(&self, offset: usize) -> Self {
        Cursor { at: offset.min(self.bytes.len()), ..self.clone() }
    }

    /// Offset in the chunk.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// Bytes to the end of the chunk.
    pub(super) fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// An error at this place.
    pub(super) fn broken(&self, problem: &'static str) -> JfrError {
        JfrError::Broken { at: self.chunk_start + self.at, problem }
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], JfrError> {
        let end = self.at.checked_add(count).filter(|&end| end <= self.bytes.len());
        let end = end.ok_or_else(|| self.broken("a value extends beyond the end of the chunk"))?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], JfrError> {
        let taken = self.take(N)?;
        let mut array = [0; N];
        array.copy_from_slice(taken);
        Ok(array)
    }

    pub(super) fn byte(&mut self) -> Result<u8, JfrError> {
        Ok(self.array::<1>()?[0])
    }

    /// An integer of the width declared.
    #[inline]
    pub(super) fn integer(&mut self, width: Width) -> Result<i64, JfrError> {
        if self.compressed {
            return self.base_128();
        }
        Ok(match width {
            Width::Two => i64::from(i16::from_be_bytes(self.array()?)),
            Width::Four => i64::from(i32::from_be_bytes(self.array()?)),
            Width::Eight => i64::from_be_bytes(self.array()?),
        })
    }

    #[inline]
    fn base_128(&mut self) -> Result<i64, JfrError> {
        let mut value = 0u64;
        for shift in (0..56).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value as i64);
            }
        }
        Ok((value | u64::from(self.byte()?) << 56) as i64)
    }

    /// A number of things of which each takes at least `bytes_each` bytes: more than fit are refused, so that
    /// no room is made for what is not there.
    pub(super) fn count(&mut self, bytes_each: usize) -> Result<usize, JfrError> {
        let count = self.integer(Width::Four)?;
        let fits = usize::try_from(count).ok().filter(|n| n.saturating_mul(bytes_each) <= self.left());
        fits.ok_or_else(|| self.broken("a list is longer than the chunk"))
    }

    pub(super) fn float(&mut self) -> Result<f32, JfrError> {
        Ok(f32::from_be_bytes(self.array()?))
    }

    pub(super) fn double(&mut self) -> Result<f64, JfrError> {
        Ok(f64::from_be_bytes(self.array()?))
    }

    /// A string: a byte says how it is written.
    pub(super) fn text(&mut self) -> Result<Text<'a>, JfrError> {
        match self.byte()? {
            0 => Ok(Text::Null),
            1 => Ok(Text::Bytes(Cow::Borrowed(b""))),
            2 => Ok(Text::Constant(self.integer(Width::Eight)?)),
            3 => {
                let len = self.count(1)?;
                Ok(Text::Bytes(Cow::Borrowed(self.take(len)?)))
            }
            4 => self.utf16(),
            5 => {
                let len = self.count(1)?;
                let latin: String = self.take(len)?.iter().map(|&b| char::from(b)).collect();
                Ok(Text::Bytes(Cow::Owned(latin.into_bytes())))
            }
            _ => Err(self.broken("a string has an unknown encoding")),
        }
    }

    fn utf16(&mut self) -> Result<Text<'a>, JfrError> {
        let len = self.count(1)?;
        let mut units = Vec::with_capacity(len);
        for _ in 0..len {
            units.push(self.integer(Width::Two)? as u16);
        }
        Ok(Text::Bytes(Cow::Owned(String::from_utf16_lossy(&units).into_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_fixed_and_compressed_integers() {
        let mut small = Cursor::new(&[0x85, 0xb0, 0x03], 0, true);
        assert_eq!(small.integer(Width::Eight).unwrap(), 55_301);
        let minus_one = [0xff; 9];
        assert_eq!(Cursor::new(&minus_one, 0, true).integer(Width::Eight).unwrap(), -1);
        let mut fixed = Cursor::new(&[0xff, 0xfe, 0, 0, 1, 0, 0x80], 0, false);
        assert_eq!(fixed.integer(Width::Two).unwrap(), -2);
        assert_eq!(fixed.integer(Width::Four).unwrap(), 256);
        let error = fixed.integer(Width::Eight).unwrap_err();
        assert_eq!(error, JfrError::Broken { at: 6, problem: "a value extends beyond the end of the chunk" });
    }

    #[test]
    fn reads_strings_in_every_encoding() {
        let text = |bytes: &'static [u8]| match Cursor::new(bytes, 0, true).text().unwrap() {
            Text::Bytes(text) => String::from_utf8(text.into_owned()).unwrap(),
            other => format!("{other:?}"),
        };
        assert_eq!(text(b"\0"), "Null");
        assert_eq!(text(b"\x01"), "");
        assert_eq!(text(b"\x02\x07"), "Constant(7)");
        assert_eq!(text(b"\x03\x02\xc3\xb6"), "ö");
        assert_eq!(text(b"\x04\x02\x41\xf6\x01"), "Aö");
        assert_eq!(text(b"\x05\x01\xf6"), "ö");
        assert!(Cursor::new(b"\x09", 0, true).text().is_err());
        assert!(Cursor::new(b"\x03\xff\xff\xff\x7f", 0, true).text().is_err(), "longer than the chunk");
    }
}
