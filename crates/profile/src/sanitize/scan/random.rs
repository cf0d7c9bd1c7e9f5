//! Machine-generated text: UUIDs, long hexadecimal numbers, base64 keys.
//!
//! Names of functions are long, too, and mix cases and digits; what tells them apart is that a person's words are runs of
//! lower case, and that a person puts something between words, while in random base64 six of ten neighbours differ in
//! kind and one character of 32 is no letter or digit. The bounds were tried on
//! the 60 000 symbols of a C++ library, a Rust and a Go program, of which nine were taken, and on random keys: of those with
//! 32 characters 5 in 100 pass, of those with 43, which is 256 bits, 1.

use super::runs::{base64url, run_end, runs};
use std::ops::Range;

type Found = Vec<Range<usize>>;

/// Hexadecimal numbers are taken from this length on: 128 bits.
const HEX: usize = 32;
/// Shortest random text of letters and digits.
const SHORTEST: usize = 20;
/// The same, with dashes, underscores, slashes or plus signs in it.
const SHORTEST_WITH_SEPARATORS: usize = 32;

/// 8-4-4-4-12 hexadecimal digits with dashes, or underscores, between.
pub(super) fn uuid(text: &str, found: &mut Found) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for dash in (8..bytes.len()).filter(|&i| matches!(bytes[i], b'-' | b'_')) {
        let start = dash - 8;
        if start < done || start + 36 > bytes.len() {
            continue;
        }
        let is_uuid = bytes[start..start + 36].iter().enumerate().all(|(i, &b)| match i {
            8 | 13 | 18 | 23 => b == bytes[dash],
            _ => b.is_ascii_hexdigit(),
        });
        if is_uuid {
            done = start + 36;
            found.push(start..done);
        }
    }
}

/// Long hexadecimal numbers, and what looks like base64 of random bytes or like a random mix of letters and digits.
pub(super) fn random_text(text: &str, found: &mut Found) {
    let token = |b: u8| base64url(b) || b == b'+' || b == b'/';
    for run in runs(text, 0..text.len(), token) {
        if run.len() < SHORTEST {
            continue;
        }
        let padded = run_end(text.as_bytes(), run.end, |b| b == b'=');
        if looks_random(&text[run.clone()]) {
            found.push(run.start..padded);
            continue;
        }
        // Part of a longer one: of a path (`a/b/KEY`), or of a name (`get_KEY`).
        for separators in [&b"/+"[..], b"_-", b"/+_-"] {
            for part in runs(text, run.clone(), |b| !separators.contains(&b)) {
                let end = if part.end == run.end { padded } else { part.end };
                if part.len() >= SHORTEST && looks_random(&text[part.clone()]) {
                    found.push(part.start..end);
                }
            }
        }
        found.extend(long_numbers(text, run));
    }
}

fn long_numbers(text: &str, run: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let compiler = text[..run.start].ends_with("/rustc/") || text[run.clone()].contains("/rustc/");
    let is_number = move |part: &Range<usize>| {
        let bytes = &text.as_bytes()[part.clone()];
        let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
        // The compiler's own sources are found under the hash of their commit, which everyone knows.
        part.len() >= HEX && digits >= 3 && distinct(bytes) >= 6 && !(compiler && part.len() == 40)
    };
    runs(text, run, |b| b.is_ascii_hexdigit()).filter(is_number)
}

fn distinct(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0u128, |seen, &b| seen | 1 << (b & 127)).count_ones()
}

/// Whether letters and digits are mixed as chance does it and not a person.
fn looks_random(text: &str) -> bool {
    // Names that compilers have mangled are recognized by their prefix.
    if ["_Z", "__Z", "_R", "?"].iter().any(|prefix| text.starts_with(prefix)) {
        return false;
    }
    let bytes = text.as_bytes();
    let count = |kind: fn(&u8) -> bool| bytes.iter().filter(|b| kind(b)).count();
    let (upper, lower, digits) =
        (count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase), count(u8::is_ascii_digit));
    let n = bytes.len();
    let changes = bytes.windows(2).filter(|w| kind_of(w[0]) != kind_of(w[1])).count();
    if upper >= 2 && lower >= 2 && digits >= 2 {
        let separators = n - upper - lower - digits;
        let few_separators = separators == 0 || (separators * 100 <= n * 9 && n >= SHORTEST_WITH_SEPARATORS);
        return few_separators
            && distinct(bytes) >= 12
            && changes * 100 >= (n - 1) * 42
            && in_words(bytes, 4, false) * 10 < n * 4
            && in_words(bytes, 2, true) * 100 < n * 65;
    }
    // One case and digits, as in base32 and hexadecimal.
    let letters = upper + lower;
    let one_case = (upper == 0) != (lower == 0);
    one_case
        && n >= 24
        && letters + digits == n
        && digits * 5 >= n
        && letters * 5 >= n
        && distinct(bytes) >= 10
        && changes * 10 >= (n - 1) * 3
}

fn kind_of(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    }
}

/// How many bytes are in runs of lower case of at least this length; also counting a capital before each.
fn in_words(bytes: &[u8], shortest: usize, capitals: bool) -> usize {
    let mut all = 0;
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|b| b.is_ascii_lowercase()).count();
        if length >= shortest {
            let capital = capitals && at > 0 && bytes[at - 1].is_ascii_uppercase();
            all += length + usize::from(capital);
        }
        at += length.max(1);
    }
    all
}
