//! Protobuf wire format without copying: a cursor over bytes that knows its offset.
//!
//! A message is a run of fields; each begins with a varint `number << 3 | wire type`. Offsets in errors
//! count from the start of the whole input, also inside nested messages.
//! Format: the encoding page of the Protocol Buffers documentation.

use crate::varint::put;
use std::ops::Range;

/// The bytes are not a protocol buffer, or not of the expected shape. The sender's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// A number or a length runs past the end of its message.
    #[error("the input ends in the middle of a field at byte {offset}; was it cut off?")]
    Truncated {
        /// Where the field's content begins.
        offset: usize,
    },
    /// A varint of more than ten bytes.
    #[error("the varint at byte {offset} is longer than 10 bytes")]
    LongVarint {
        /// Where it begins.
        offset: usize,
    },
    /// A field number of 0, or a wire type that is no longer in use.
    #[error("byte {offset} is not the start of a protobuf field (key {key:#x})")]
    BadKey {
        /// Where the key is.
        offset: usize,
        /// The key as read.
        key: u64,
    },
    /// A known field in another wire type than it must have.
    #[error("field {field} before byte {offset} has the wrong type; expected {expected}")]
    WrongType {
        /// Just behind the field.
        offset: usize,
        /// Its number.
        field: u32,
        /// What it should be.
        expected: &'static str,
    },
}

/// The content of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Wire type 0.
    Varint(u64),
    /// Wire type 2: where the content lies in the input.
    Bytes(Range<usize>),
    /// Wire types 1 and 5.
    Fixed(u64),
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) number: u32,
    /// Its content.
    pub(crate) value: Value,
    /// Just behind it.
    end: usize,
}

impl Field {
    /// The number, if the field is a varint.
    #[inline]
    pub(crate) fn varint(&self) -> Result<u64, WireError> {
        match self.value {
            Value::Varint(v) => Ok(v),
            _ => Err(self.wrong_type("a number (varint)")),
        }
    }

    /// Where the content lies, if the field is a message or a string.
    #[inline]
    pub(crate) fn bytes(&self) -> Result<Range<usize>, WireError> {
        match &self.value {
            Value::Bytes(range) => Ok(range.clone()),
            _ => Err(self.wrong_type("length-delimited (a message or a string)")),
        }
    }

    /// The error of a field that has another type than `expected`.
    #[cold]
    pub(crate) fn wrong_type(&self, expected: &'static str) -> WireError {
        WireError::WrongType { offset: self.end, field: self.number, expected }
    }
}

/// A cursor over one message.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    /// The whole input up to the end of the message.
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Reads the message that lies in `range` of `input`.
    ///
    /// # Panics
    /// When the range is not inside the input; ranges come from [`Field::bytes`].
    #[inline]
    pub(crate) fn new(input: &'a [u8], range: Range<usize>) -> Self {
        Reader { bytes: &input[..range.end], at: range.start }
    }

    /// Where the cursor is, from the start of the input.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// True behind the last field.
    #[inline]
    pub(crate) fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The next field, or none at the end of the message.
    #[inline]
    pub(crate) fn field(&mut self) -> Result<Option<Field>, WireError> {
        if self.is_done() {
            return Ok(None);
        }
        let start = self.at;
        let key = self.varint()?;
        let number = match u32::try_from(key >> 3) {
            Ok(number) if number != 0 => number,
            _ => return Err(WireError::BadKey { offset: start, key }),
        };
        let value = match key & 7 {
            0 => Value::Varint(self.varint()?),
            1 => Value::Fixed(self.fixed(8)?),
            2 => Value::Bytes(self.length_delimited()?),
            5 => Value::Fixed(self.fixed(4)?),
            _ => return Err(WireError::BadKey { offset: start, key }),
        };
        Ok(Some(Field { number, value, end: self.at }))
    }

    /// The next varint. Most numbers in a profile fit in one or two bytes.
    #[inline]
    pub(crate) fn varint(&mut self) -> Result<u64, WireError> {
        match self.bytes[self.at..] {
            [a, ..] if a < 0x80 => {
                self.at += 1;
                Ok(u64::from(a))
            }
            [a, b, ..] if b < 0x80 => {
                self.at += 2;
                Ok(u64::from(a & 0x7f) | u64::from(b) << 7)
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u64, WireError> {
        let offset = self.at;
        let mut value = 0;
        for (i, &byte) in self.bytes[offset..].iter().take(10).enumerate() {
            // Bits beyond the 64th are dropped, as other readers do.
            value |= u64::from(byte & 0x7f) << (7 * i);
            if byte < 0x80 {
                self.at = offset + i + 1;
                return Ok(value);
            }
        }
        if self.bytes.len() - offset < 10 {
            return Err(WireError::Truncated { offset });
        }
        Err(WireError::LongVarint { offset })
    }

    /// The next `len` bytes, if there are as many.
    pub(crate) fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let bytes = self.bytes[self.at..].get(..len)?;
        self.at += len;
        Some(bytes)
    }

    fn fixed(&mut self, size: usize) -> Result<u64, WireError> {
        let offset = self.at;
        let Some(bytes) = self.bytes.get(offset..offset + size) else {
            return Err(WireError::Truncated { offset });
        };
        self.at += size;
        Ok(bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    fn length_delimited(&mut self) -> Result<Range<usize>, WireError> {
        let offset = self.at;
        let len = self.varint()?;
        let left = self.bytes.len() - self.at;
        match usize::try_from(len) {
            Ok(len) if len <= left => {
                let start = self.at;
                self.at += len;
                Ok(start..self.at)
            }
            _ => Err(WireError::Truncated { offset }),
        }
    }
}

/// Appends a varint field, unless it has the default value 0.
pub(crate) fn put_number(out: &mut Vec<u8>, field: u32, value: u64) {
    if value != 0 {
        put(out, u64::from(field) << 3);
        put(out, value);
    }
}

/// Appends a length-delimited field, also when it is empty.
pub(crate) fn put_bytes(out: &mut Vec<u8>, field: u32, bytes: &[u8]) {
    put(out, u64::from(field) << 3 | 2);
    put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Result<Vec<(u32, Value)>, WireError> {
        let mut reader = Reader::new(bytes, 0..bytes.len());
        let mut fields = Vec::new();
        while let Some(field) = reader.field()? {
            fields.push((field.number, field.value));
        }
        Ok(fields)
    }

    #[test]
    fn round_trips_varints_of_every_length() {
        for shift in 0..64 {
            for value in [1u64 << shift, (1u64 << shift) - 1, u64::MAX >> shift] {
                let mut out = Vec::new();
                put(&mut out, value);
                assert_eq!(Reader::new(&out, 0..out.len()).varint(), Ok(value));
            }
        }
    }

    #[test]
    fn reads_fields_of_every_wire_type() {
        let bytes = [8, 150, 1, 17, 1, 0, 0, 0, 0, 0, 0, 0, 26, 2, b'h', b'i', 37, 2, 0, 0, 0];
        let expected = vec![
            (1, Value::Varint(150)),
            (2, Value::Fixed(1)),
            (3, Value::Bytes(14..16)),
            (4, Value::Fixed(2)),
        ];
        assert_eq!(all(&bytes), Ok(expected));
        assert!((1..bytes.len()).any(|end| all(&bytes[..end]).is_err()));
    }

    #[test]
    fn wire_errors_have_an_offset() {
        assert_eq!(all(&[8]), Err(WireError::Truncated { offset: 1 }));
        assert_eq!(all(&[8, 0x80]), Err(WireError::Truncated { offset: 1 }));
        assert_eq!(all(&[8, 1, 18, 5, 0]), Err(WireError::Truncated { offset: 3 }));
        assert_eq!(all(&[0, 1]), Err(WireError::BadKey { offset: 0, key: 0 }));
        assert_eq!(all(&[11]), Err(WireError::BadKey { offset: 0, key: 11 }));
        assert_eq!(all(&[[8].as_slice(), &[0xff; 11]].concat()), Err(WireError::LongVarint { offset: 1 }));
    }
}
