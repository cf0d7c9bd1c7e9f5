//! Parts of a text whose bytes are all of a kind. A kind holds all bytes of characters beyond ASCII or none, so that
//! no range cuts a character.

use std::ops::Range;

/// Each longest part of `within` whose bytes are all of the kind.
pub(super) fn runs(
    text: &str,
    within: Range<usize>,
    kind: impl Fn(u8) -> bool,
) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = within.start;
    std::iter::from_fn(move || {
        let start = at + bytes[at..within.end].iter().position(|&b| kind(b))?;
        at = run_end(bytes, start, &kind).min(within.end);
        Some(start..at)
    })
}

/// Where the run of a kind that begins at `start` ends; `start` when there is none.
pub(super) fn run_end(bytes: &[u8], start: usize, kind: impl Fn(u8) -> bool) -> usize {
    bytes[start..].iter().position(|&b| !kind(b)).map_or(bytes.len(), |n| start + n)
}

/// Where the run of a kind that ends before `end` begins; `end` when there is none.
pub(super) fn run_start(bytes: &[u8], end: usize, kind: impl Fn(u8) -> bool) -> usize {
    bytes[..end].iter().rposition(|&b| !kind(b)).map_or(0, |last| last + 1)
}

/// Where `word`, in lower case, occurs in whatever case, from left to right. A word is found again only behind its end.
pub(super) fn words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let (bytes, word) = (text.as_bytes(), word.as_bytes());
    let mut at = 0;
    std::iter::from_fn(move || {
        while at + word.len() <= bytes.len() {
            let found = bytes[at].to_ascii_lowercase() == word[0]
                && bytes[at..at + word.len()].eq_ignore_ascii_case(word);
            at += if found { word.len() } else { 1 };
            if found {
                return Some(at - word.len());
            }
        }
        None
    })
}

/// Whether a byte is of base64 in either alphabet, without padding.
pub(super) fn base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// The byte before `at`.
pub(super) fn before(text: &str, at: usize) -> Option<u8> {
    at.checked_sub(1).map(|i| text.as_bytes()[i])
}

/// The byte at `at`.
pub(super) fn at(text: &str, at: usize) -> Option<u8> {
    text.as_bytes().get(at).copied()
}
