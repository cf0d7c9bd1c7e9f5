//! Text decoding: UTF-8 repair, byte order marks, and the limit on names.

use super::{Normalised, Notes};
use crate::limits::MAX_SYMBOL_BYTES;
use std::borrow::Cow;

/// `bytes` as UTF-8 of at most [`MAX_SYMBOL_BYTES`]; copied only if something has to be repaired.
#[inline]
pub(crate) fn clean_text<'a>(bytes: &'a [u8], notes: &mut Notes) -> Cow<'a, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.len() <= MAX_SYMBOL_BYTES => Cow::Borrowed(text),
        _ => repair(bytes, notes),
    }
}

/// An address in hexadecimal, with or without `0x`. No sign, which `from_str_radix` would take.
pub(super) fn hex_address(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    let digits = text.strip_prefix("0x").unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u64::from_str_radix(digits, 16).ok()
}

/// A text file as UTF-8, without its byte order mark. UTF-16 is recognised by the mark and converted, as
/// PowerShell writes it; anything else is taken as it is.
pub(super) fn decode_text(bytes: &[u8]) -> Cow<'_, [u8]> {
    let units = |read: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(move |pair| read([pair[0], pair[1]]));
        let chars = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
        Cow::Owned(chars.collect::<String>().into_bytes())
    };
    match bytes {
        [0xff, 0xfe, ..] => units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => units(u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => Cow::Borrowed(rest),
        _ => Cow::Borrowed(bytes),
    }
}

#[cold]
fn repair<'a>(bytes: &'a [u8], notes: &mut Notes) -> Cow<'a, str> {
    let text = String::from_utf8_lossy(bytes);
    if matches!(text, Cow::Owned(_)) {
        notes.add(Normalised::InvalidUtf8, 1);
    }
    if text.len() <= MAX_SYMBOL_BYTES {
        return text;
    }
    notes.add(Normalised::LongName, 1);
    let end = text.floor_char_boundary(MAX_SYMBOL_BYTES);
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
        Cow::Owned(mut text) => {
            text.truncate(end);
            Cow::Owned(text)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_by_byte_order_mark() {
        let little: Vec<u8> = "\u{feff}größe".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "\u{feff}größe".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [&little[..], &big, "\u{feff}größe".as_bytes(), "größe".as_bytes()] {
            assert_eq!(decode_text(bytes), "größe".as_bytes());
        }
        assert!(decode_text(&little[..3]).is_empty());
    }

    #[test]
    fn replaces_invalid_utf8_and_truncates_long_names() {
        let mut notes = Notes::default();
        assert_eq!(clean_text("größe".as_bytes(), &mut notes), "größe");
        assert!(notes.is_empty());
        assert_eq!(clean_text(b"a\xffb", &mut notes), "a\u{fffd}b");
        assert_eq!(notes.count(Normalised::InvalidUtf8), 1);
        // 65 535 is odd: the last two-byte letter does not fit.
        let long = "ö".repeat(MAX_SYMBOL_BYTES);
        let cut = clean_text(long.as_bytes(), &mut notes);
        assert_eq!(cut.len(), MAX_SYMBOL_BYTES - 1);
        assert!(cut.chars().all(|c| c == 'ö'));
        assert_eq!(notes.count(Normalised::LongName), 1);
    }
}
