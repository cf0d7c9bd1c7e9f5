//! Personal data: e-mail addresses and card numbers.

use super::runs::{at, run_end, run_start};
use std::ops::Range;

/// `alice@corp.example`, also with the at-sign as `%40`. Not `module@v1.2.3`, nor `render@main.js`, as some browsers
/// write a function and its file.
pub(super) fn email(text: &str, found: &mut Vec<Range<usize>>) {
    let bytes = text.as_bytes();
    for (sign, mark) in text.match_indices('@').chain(text.match_indices("%40")) {
        let start = run_start(bytes, sign, is_local);
        let domain = sign + mark.len()..run_end(bytes, sign + mark.len(), is_domain);
        if start < sign && is_mail_domain(&text[domain.clone()]) {
            found.push(start..domain.end);
        }
    }
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || b"._+-'!&*~^".contains(&byte)
}

fn is_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || b".-".contains(&byte)
}

/// Endings of source files that are no top-level domains.
const SOURCES: [&str; 9] = ["js", "mjs", "cjs", "jsx", "ts", "tsx", "go", "wasm", "java"];

fn is_mail_domain(domain: &str) -> bool {
    let domain = domain.trim_end_matches(['.', '-']);
    let letters = |label: &str| label.chars().take_while(|c| c.is_alphabetic()).count();
    let named = domain.split('.').skip(1).any(|label| letters(label) >= 2);
    let last = domain.rsplit('.').next().unwrap_or(domain);
    named && !SOURCES.contains(&last) && !is_version(domain)
}

/// `1.2.3…`, `v1.2.3…`.
fn is_version(text: &str) -> bool {
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = text.strip_prefix('v').unwrap_or(text).splitn(3, '.');
    let first_two = parts.by_ref().take(2).filter(|part| number(part)).count();
    first_two == 2 && parts.next().is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// 13 to 19 digits, alone or in groups with a space or a dash between, whose first digit a payment network uses.
pub(super) fn card_number(text: &str, found: &mut Vec<Range<usize>>) {
    let mut next = 0;
    while let Some(start) = text.as_bytes()[next..].iter().position(u8::is_ascii_digit).map(|n| next + n) {
        next = run_end(text.as_bytes(), start, |b| b.is_ascii_digit());
        // `f.llvm.5097003263193118744` is how a compiler names what it has made local.
        let symbol_hash = text[..start].ends_with(".llvm.");
        if let Some(end) = card_end(text, start).filter(|_| !symbol_hash) {
            found.push(start..end);
            next = end;
        }
    }
}

/// Where the longest card number from `start` ends.
fn card_end(text: &str, start: usize) -> Option<usize> {
    if !(b'2'..=b'6').contains(&text.as_bytes()[start]) {
        return None;
    }
    let mut digits = Vec::with_capacity(19);
    let mut longest = None;
    let mut i = start;
    while digits.len() < 19 {
        match at(text, i) {
            Some(b @ b'0'..=b'9') => digits.push(b - b'0'),
            Some(b' ' | b'-') if at(text, i + 1).is_some_and(|b| b.is_ascii_digit()) => {
                i += 1;
                continue;
            }
            _ => break,
        }
        i += 1;
        let ends = !at(text, i).is_some_and(|b| b.is_ascii_digit());
        if ends && digits.len() >= 13 && luhn(&digits) {
            longest = Some(i);
        }
    }
    longest
}

/// ISO/IEC 7812-1, annex B: from the right, every second digit counts twice, with its own digits added up.
fn luhn(digits: &[u8]) -> bool {
    let weighed = digits.iter().rev().enumerate().map(|(i, &d)| match (i % 2, d * 2) {
        (0, _) => d,
        (_, twice) => twice / 10 + twice % 10,
    });
    weighed.map(u32::from).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_need_a_valid_checksum() {
        let of = |text: &str| text.bytes().map(|b| b - b'0').collect::<Vec<_>>();
        assert!(luhn(&of("4111111111111111")) && luhn(&of("378282246310005")));
        assert!(!luhn(&of("4111111111111112")));
    }
}
