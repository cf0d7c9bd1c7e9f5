//! Text as formats bring it, made fit for a string table.

use super::{Normalised, Notes};
use crate::limits::MAX_SYMBOL_BYTES;
use std::borrow::Cow;

/// `bytes` as UTF-8 of at most [`MAX_SYMBOL_BYTES`]; copied only if something has to be put right.
#[inline]
pub(crate) fn clean_text<'a>(bytes: &'a [u8], notes: &mut Notes) -> Cow<'a, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.len() <= MAX_SYMBOL_BYTES => Cow::Borrowed(text),
        _ => mend(bytes, notes),
    }
}

#[cold]
fn mend<'a>(bytes: &'a [u8], notes: &mut Notes) -> Cow<'a, str> {
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
    fn bad_bytes_and_long_names_are_mended() {
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
