//! RowBinary, ClickHouse's format of rows without names and types: fields one after the other, as the statement lists them.
//!
//! Integers are little-endian, a text is its length as a varint and its bytes, an array its length and its elements, a map
//! an array of pairs, a tuple its elements. `LowCardinality` leaves no trace. See
//! <https://clickhouse.com/docs/interfaces/formats/RowBinary>.
//!
//! Each row of an answer begins with the byte [`ROW`], which every query selects first. A server that fails midway appends the
//! text of its exception to what it has sent: `Code: …`, or an empty line before it. That is never taken for a row.

use crate::store::StoreError;

/// The first byte of each row of an answer: `SELECT 1, …`.
pub(super) const ROW: u8 = 1;

/// Appends fields of rows.
#[derive(Debug, Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn u64(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn i64(&mut self, value: i64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    pub(super) fn u128(&mut self, value: u128) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// The length of an array or a map; its elements follow.
    pub(super) fn length(&mut self, mut length: usize) {
        while length >= 0x80 {
            self.0.push(length as u8 | 0x80);
            length >>= 7;
        }
        self.0.push(length as u8);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.length(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// An answer is not what was asked for: cut off, of other types, or with an exception in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct Malformed(String);

impl Malformed {
    pub(super) fn new(text: &str) -> Malformed {
        Malformed(text.to_owned())
    }

    pub(super) fn of(self, store: &str) -> StoreError {
        StoreError::Invalid(format!("{store}: {self}"))
    }
}

/// Reads fields of rows.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a>(&'a [u8]);

/// Characters of an exception that are repeated.
const MOST_CHARS: usize = 300;

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader(bytes)
    }

    /// Whether another row begins; none at the end of the answer.
    ///
    /// # Errors
    /// [`Malformed`] when something else follows, such as the text of an exception.
    pub(super) fn row(&mut self) -> Result<bool, Malformed> {
        match self.0.split_first() {
            None => Ok(false),
            Some((&ROW, rest)) => {
                self.0 = rest;
                Ok(true)
            }
            Some(_) => {
                let text = String::from_utf8_lossy(&self.0[..self.0.len().min(4 * MOST_CHARS)]);
                let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let line: String = line.chars().take(MOST_CHARS).collect();
                Err(Malformed(format!("the answer breaks off: {line}")))
            }
        }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (field, rest) =
            self.0.split_first_chunk::<N>().ok_or_else(|| Malformed::new("half an answer"))?;
        self.0 = rest;
        Ok(*field)
    }

    pub(super) fn bool(&mut self) -> Result<bool, Malformed> {
        Ok(self.take::<1>()? != [0])
    }

    pub(super) fn u32(&mut self) -> Result<u32, Malformed> {
        Ok(u32::from_le_bytes(self.take()?))
    }

    pub(super) fn u64(&mut self) -> Result<u64, Malformed> {
        Ok(u64::from_le_bytes(self.take()?))
    }

    pub(super) fn i64(&mut self) -> Result<i64, Malformed> {
        Ok(i64::from_le_bytes(self.take()?))
    }

    pub(super) fn u128(&mut self) -> Result<u128, Malformed> {
        Ok(u128::from_le_bytes(self.take()?))
    }

    /// The length of an array or a map whose elements take at least `bytes` each: as many as the rest of the answer can hold, so
    /// that room can be made for them.
    pub(super) fn length(&mut self, bytes: usize) -> Result<usize, Malformed> {
        let mut length = 0u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.take()?;
            length |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let most = self.0.len() / bytes.max(1);
                let fits = usize::try_from(length).ok().filter(|length| *length <= most);
                return fits.ok_or_else(|| Malformed::new("half an answer"));
            }
        }
        Err(Malformed::new("a length of more than 64 bits"))
    }

    /// A text; other bytes than UTF-8 become U+FFFD.
    pub(super) fn text(&mut self) -> Result<String, Malformed> {
        let length = self.length(1)?;
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        Ok(String::from_utf8_lossy(text).into_owned())
    }

    /// An array whose elements take at least `bytes` each.
    pub(super) fn array<T>(
        &mut self,
        bytes: usize,
        mut element: impl FnMut(&mut Reader<'a>) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let length = self.length(bytes)?;
        (0..length).map(|_| element(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_round_trip_as_the_documentation_has_them() {
        let mut row = Writer::default();
        row.u8(ROW);
        row.text("é");
        row.i64(-2);
        row.u128(1 << 64);
        row.length(300);
        assert_eq!(row.len(), 1 + 3 + 8 + 16 + 2);
        let mut bytes = row.finish();
        assert_eq!(bytes[1..4], [2, 0xc3, 0xa9]);
        assert_eq!(bytes[28..], [0xac, 2]);
        bytes.extend([7; 300]);
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.row(), Ok(true));
        assert_eq!(reader.text().unwrap(), "é");
        assert_eq!((reader.i64(), reader.u128()), (Ok(-2), Ok(1 << 64)));
        assert_eq!(reader.array(1, |r| r.bool()).unwrap().len(), 300);
        assert_eq!(reader.row(), Ok(false));
    }

    #[test]
    fn an_exception_after_whole_rows_is_not_taken_for_one() {
        for exception in ["Code: 241. DB::Exception: Memory limit", "\r\n__exception__\r\nCode: 241."] {
            let bytes = [&[ROW, 5, 0, 0, 0], exception.as_bytes()].concat();
            let mut reader = Reader::new(&bytes);
            assert_eq!((reader.row(), reader.u32()), (Ok(true), Ok(5)));
            let error = reader.row().unwrap_err().to_string();
            assert!(error.contains("Code: 241."), "{error}");
        }
    }

    #[test]
    fn no_length_makes_room_for_more_than_there_is() {
        let huge = [0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3];
        assert!(Reader::new(&huge).text().is_err());
        assert!(Reader::new(&huge).length(16).is_err());
        assert!(Reader::new(&[0xff; 11]).length(1).is_err());
        assert!(Reader::new(&[4, 0, 0, 0]).array(1, |r| r.bool()).is_err());
        assert!(Reader::new(&[1, 2, 3]).u32().is_err());
    }
}
