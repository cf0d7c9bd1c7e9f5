//! Walking JSON without recursion and without keeping it: value after value of an array or an object, each
//! read by serde or skipped. For files that nest deeper than serde follows, or end before they should.

mod scalar;

pub(crate) use scalar::Scalar;

use serde::Deserialize;
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// The text is not the JSON that was expected. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct JsonError {
    /// Where, in bytes from the first.
    pub byte: usize,
    /// The line it is in, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
    /// Whether the text simply ends too early.
    pub cut_off: bool,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let JsonError { byte, line, problem, cut_off } = self;
        match cut_off {
            true => write!(f, "the JSON ends too early, at byte {byte} (line {line}): {problem}"),
            false => write!(f, "{problem} at byte {byte} (line {line})"),
        }
    }
}

/// A place in JSON text.
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// At the start, after a byte order mark.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Cursor { bytes, at }
    }

    /// The next byte that is not blank.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let blank = self.bytes[self.at..].iter().take_while(|b| b.is_ascii_whitespace());
        self.at += blank.count();
        self.bytes.get(self.at).copied()
    }

    /// Steps over `{` or `[`.
    pub(crate) fn open(&mut self, bracket: u8) -> Result<(), JsonError> {
        match self.peek() {
            Some(byte) if byte == bracket => {
                self.at += 1;
                Ok(())
            }
            found => Err(self.expected(&format!("`{}`", bracket as char), found)),
        }
    }

    /// The next key of an object that was opened, or `None` after its end.
    pub(crate) fn key(&mut self) -> Result<Option<Cow<'a, str>>, JsonError> {
        if !self.more(b'}')? {
            return Ok(None);
        }
        let Text(key) = self.value()?;
        match self.peek() {
            Some(b':') => {
                self.at += 1;
                Ok(Some(key))
            }
            found => Err(self.expected("`:`", found)),
        }
    }

    /// Whether another value follows in an array that was opened; steps over its end if not.
    pub(crate) fn item(&mut self) -> Result<bool, JsonError> {
        self.more(b']')
    }

    /// Steps over a comma, which may also stand before the closing bracket, and over that bracket.
    fn more(&mut self, close: u8) -> Result<bool, JsonError> {
        if self.peek() == Some(b',') {
            self.at += 1;
        }
        match self.peek() {
            None => Err(self.expected(&format!("`{}`", close as char), None)),
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(_) => Ok(true),
        }
    }

    /// Reads the next value.
    pub(crate) fn value<T: Deserialize<'a>>(&mut self) -> Result<T, JsonError> {
        self.peek();
        let rest = &self.bytes[self.at..];
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<T>();
        match values.next() {
            Some(Ok(value)) => {
                self.at += values.byte_offset();
                Ok(value)
            }
            Some(Err(error)) => Err(self.broken(&error)),
            None => Err(self.expected("a value", None)),
        }
    }

    /// Reads text, which is copied only if something in it is escaped; `null` is empty.
    pub(crate) fn text(&mut self) -> Result<Cow<'a, str>, JsonError> {
        Ok(self.value::<Option<Text<'a>>>()?.map_or(Cow::Borrowed(""), |Text(text)| text))
    }

    /// Steps over the next value, and says where it is.
    pub(crate) fn skip(&mut self) -> Result<Range<usize>, JsonError> {
        self.peek();
        let start = self.at;
        self.value::<serde::de::IgnoredAny>()?;
        Ok(start..self.at)
    }

    /// A cursor at a value that was stepped over.
    pub(crate) fn at(&self, place: Range<usize>) -> Cursor<'a> {
        Cursor { bytes: &self.bytes[..place.end], at: place.start }
    }

    /// Reads a value that was stepped over.
    pub(crate) fn again<T: Deserialize<'a>>(&self, place: Range<usize>) -> Result<T, JsonError> {
        self.at(place).value()
    }

    /// Nothing but blanks may be left.
    pub(crate) fn end(&mut self) -> Result<(), JsonError> {
        match self.peek() {
            None => Ok(()),
            found => Err(self.expected("the end of the file", found)),
        }
    }

    fn expected(&self, what: &str, found: Option<u8>) -> JsonError {
        let problem = match found {
            Some(byte) => format!("expected {what}, found `{}`", byte.escape_ascii()),
            None => format!("expected {what}"),
        };
        self.error(self.at, problem, found.is_none())
    }

    fn broken(&self, error: &serde_json::Error) -> JsonError {
        // Lines and columns count from where this value begins.
        let rest = &self.bytes[self.at..];
        let line_start = rest.split_inclusive(|b| *b == b'\n').take(error.line().saturating_sub(1));
        let byte = self.at + line_start.map(<[u8]>::len).sum::<usize>() + error.column().saturating_sub(1);
        let text = error.to_string();
        let problem = text.rsplit_once(" at line ").map_or(text.as_str(), |(problem, _)| problem);
        self.error(byte, problem.to_owned(), error.is_eof())
    }

    fn error(&self, byte: usize, problem: String, cut_off: bool) -> JsonError {
        let byte = byte.min(self.bytes.len());
        let line = 1 + self.bytes[..byte].iter().filter(|b| **b == b'\n').count();
        JsonError { byte, line, problem, cut_off }
    }
}

/// Text that is copied only if something in it is escaped.
#[derive(Deserialize)]
pub(crate) struct Text<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_objects_and_arrays() {
        let mut json = Cursor::new(b"\xef\xbb\xbf {\"a\\n\": [1, 2,], \"b\": {\"x\": null}}\n");
        json.open(b'{').unwrap();
        assert_eq!(json.key().unwrap().as_deref(), Some("a\n"));
        json.open(b'[').unwrap();
        let mut found = Vec::new();
        while json.item().unwrap() {
            found.push(json.value::<i64>().unwrap());
        }
        assert_eq!(found, [1, 2]);
        assert_eq!(json.key().unwrap().as_deref(), Some("b"));
        json.skip().unwrap();
        assert_eq!(json.key().unwrap(), None);
        json.end().unwrap();
    }

    #[test]
    fn errors_have_a_position() {
        let mut json = Cursor::new(b"[\n 1,\n \"x\"]");
        json.open(b'[').unwrap();
        json.item().unwrap();
        json.skip().unwrap();
        json.item().unwrap();
        let error = json.value::<i64>().unwrap_err();
        assert_eq!((error.line, error.cut_off), (3, false), "{error}");
        assert!(error.problem.contains("invalid type: string"), "{error}");
        let mut json = Cursor::new(b"[1");
        json.open(b'[').unwrap();
        json.item().unwrap();
        json.skip().unwrap();
        assert!(json.item().unwrap_err().cut_off);
        let mut json = Cursor::new(b"[{\"a\":");
        json.open(b'[').unwrap();
        assert!(json.value::<serde_json::Value>().unwrap_err().cut_off);
        assert_eq!(json.open(b'[').unwrap_err().to_string(), "expected `[`, found `{` at byte 1 (line 1)");
    }
}
